package dev.everwire.session;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a call, as a handler sees it. Safe from any thread; a method of an application's
 * contract may have a parameter of this type, which is not sent.
 */
public interface Caller {

  /** To call back; also while the handler runs. */
  Peer peer();

  /** Who the peer is, as the server found out; empty for an anonymous one, and at a client. */
  Optional<String> user();

  /**
   * Roles of the user, as the server found out; empty if it has none, and at a client. They may
   * change while a connection lasts, with a new token.
   */
  default Set<String> roles() {
    return Set.of();
  }

  /** Names the session; equal to {@link #connectionId()} for a plain peer that said no hello. */
  String sessionId();

  /** Names this one connection. */
  String connectionId();

  /** The peer's address as {@code host:port}, for logs. */
  String remoteAddress();

  /**
   * How long the caller still waits, never negative; empty if it did not say, and outside a call.
   */
  Optional<Duration> remaining();

  /**
   * Whether nobody waits for this call any more: it was cancelled, its deadline has passed or its
   * connection is gone. The handler's thread was interrupted in the first two cases; where only the
   * connection is gone the handler is left alone, so that nothing is torn in the middle, and what
   * it may leave undone is for it to decide, unless it is one that sends a stream: that is
   * interrupted. False outside a call.
   */
  boolean cancelled();

  /**
   * Tells the caller how far this call has come, if it wants to know ({@code $/progress}); nothing
   * otherwise. At most once on the way: what the link has no room for is thrown away.
   *
   * @param value anything that can be written as JSON
   */
  void progress(Object value);
}
