package dev.everwire.spi.auth;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What was taken back before its time. Safe from any thread.
 *
 * <p>An implementation MUST tell every server that shares it of each revocation, the one that made
 * it included; {@link #revoked} MUST answer from memory, because it is asked on event loops for
 * every authentication; and it MUST remember a token or user as long as a token of that kind may
 * live ({@link #MEMORY_HOURS} unless said). A revoked session needs no memory: who told is enough.
 */
public interface Revocations {
  /** How long a revocation is remembered unless said, in hours. */
  int MEMORY_HOURS = 24;

  /** Completes when it will not be lost any more; fails if it cannot be kept. */
  CompletionStage<Void> revoke(Revocation what);

  /** Whether what shows who this is was taken back. Never blocks. */
  boolean revoked(Principal principal);

  /** Is told of each revocation from now on, on any thread. Once for each server. */
  void onRevoked(Consumer<Revocation> told);
}
