package dev.everwire.spi.auth;

import java.time.Instant;

/** Something that holds no longer. Immutable. */
public sealed interface Revocation {

  /**
   * One token.
   *
   * @param tokenId as {@link Principal#tokenId}
   */
  record Token(String tokenId) implements Revocation {}

  /**
   * One session; its user may come back with a fresh one.
   *
   * @param sessionId public
   */
  record Session(String sessionId) implements Revocation {}

  /**
   * Everything that a user got up to a moment. A token, key or certificate that does not say when
   * it was made counts as older.
   *
   * @param before usually now
   */
  record User(String user, Instant before) implements Revocation {}
}
