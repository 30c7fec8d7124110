package dev.everwire.server.access;

import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Revocation;
import org.jspecify.annotations.Nullable;

/**
 * Something that whoever watches over a server may have to know later: who came in, who was kept
 * out, who directed the server. Holds no secret; text of a peer's stands in it as it came.
 * Immutable.
 */
public sealed interface AuditEvent {

  /** Who did it, or tried. */
  Actor who();

  /** Somebody has shown who they are. */
  record Authenticated(Actor who, Credentials.Occasion occasion, String method)
      implements AuditEvent {}

  /** Somebody has shown nothing, or something that does not hold. */
  record AuthenticationFailed(Actor who, Credentials.Occasion occasion, String reason)
      implements AuditEvent {}

  /**
   * Somebody was not allowed to do something.
   *
   * @param reason as the authoriser gave it; the peer was not told
   */
  record Denied(Actor who, Action action, String resource, String reason) implements AuditEvent {}

  /**
   * A subscription ended because it is not allowed any more.
   *
   * @param reason as in {@link Denied}
   */
  record SubscriptionEnded(Actor who, String topic, String reason) implements AuditEvent {}

  /**
   * Somebody looks into the server or directs it, and may.
   *
   * @param what the name behind {@code rpc.admin.}
   * @param detail to whom or to what; empty for nothing in particular
   * @param acts false where it is only looked at
   */
  record Administered(Actor who, String what, String detail, boolean acts) implements AuditEvent {}

  /**
   * Something was taken back.
   *
   * @param connections that ended because of it
   */
  record Revoked(Actor who, Revocation what, int connections) implements AuditEvent {}

  /**
   * Events that were too many to be told.
   *
   * @param kind {@code denied}, {@code administration-denied} or {@code authentication-failed}
   */
  record Suppressed(String kind, long count) implements AuditEvent {
    @Override
    public Actor who() {
      return Actor.SERVER;
    }
  }

  /**
   * A peer, or the application itself.
   *
   * @param user null if it is not known, or anonymous
   * @param tenant null if nobody says
   * @param connection null before there is one
   * @param session null if it has none
   * @param remote its address; {@code -} for the application
   */
  record Actor(
      @Nullable String user,
      @Nullable String tenant,
      @Nullable String connection,
      @Nullable String session,
      String remote) {
    /** The application, through {@link Access}. */
    public static final Actor SERVER = new Actor(null, null, null, null, "-");
  }
}
