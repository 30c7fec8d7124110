package dev.everwire.server.internal.resume;

/** What comes of a resume token. */
public sealed interface Verdict {

  /**
   * @param claims what it says; its user and client are those of the session
   */
  record Accepted(Claims claims) implements Verdict {}

  record Refused(Kind kind) implements Verdict {}

  /** Why a token is refused, in the order in which that is found out. */
  enum Kind {
    /** Malformed, too long, not signed by a key of ours, or resuming is switched off. */
    INVALID("unknown"),
    EXPIRED("expired"),
    USER_CHANGED("user_changed"),
    CLIENT_CHANGED("client_changed"),
    /** A later token of the session was used already. */
    REPLAYED("replayed"),
    /** The nonce store could not say whether it was used; it may be tried again. */
    UNAVAILABLE("unknown");

    private final String reason;

    Kind(String reason) {
      this.reason = reason;
    }

    /** How the answer to hello calls it. */
    public String reason() {
      return reason;
    }
  }
}
