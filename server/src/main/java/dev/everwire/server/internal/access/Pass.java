package dev.everwire.server.internal.access;

import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake has shown. Immutable.
 *
 * @param principal null if it is not known yet who this is
 * @param credentials what was brought with the handshake; null if nobody asks
 */
public record Pass(@Nullable Principal principal, @Nullable Credentials credentials) {
  /** Where nobody is asked. */
  public static final Pass UNASKED = new Pass(Principal.anonymous(), null);

  /** Without what is secret. */
  @Override
  public String toString() {
    return "Pass[" + principal + "]";
  }
}
