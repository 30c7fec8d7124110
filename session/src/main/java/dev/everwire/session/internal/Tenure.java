package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time for which a connection has its session: from hello until another connection takes it or
 * this one ends, and what then becomes of both. Event loop only, except where a method says
 * otherwise.
 */
public final class Tenure {
  private static final int FATAL = 4400; // to 4499: who is closed so does not come back
  private static final int BEYOND_FATAL = 4500;
  private static final Duration REPLACED_WITHIN = Duration.ofSeconds(10);
  private static final String REPLACED = "replaced";

  private final Connection connection;
  private final SessionEngine engine;
  private volatile @Nullable KeptSession kept; // written on the loop, read by handlers
  private boolean held;
  private boolean fenced; // another connection has the session
  private boolean replaced; // and this one may go
  private boolean outlived;
  private Loop.@Nullable Timer patience; // with one that was replaced

  Tenure(Connection connection, SessionEngine engine) {
    this.connection = connection;
    this.engine = engine;
  }

  /** What outlives the connection; null if nothing does. Safe from any thread. */
  public @Nullable KeptSession kept() {
    return kept;
  }

  /** Hello was said and answered. */
  void begin(@Nullable KeptSession session) {
    kept = session;
    if (session != null) {
      engine.keep(session);
    }
  }

  /** What the peer sends next waits until this is taken back. */
  public void hold(boolean on) {
    held = on;
    engine.hold(on);
    connection.rearm();
  }

  /** Whether what the peer sends waits for something of ours. */
  public boolean held() {
    return held;
  }

  /** The connection that has the session now: this one, or a later one. Safe from any thread. */
  Connection latest() {
    KeptSession session = kept;
    Connection now = session == null ? null : session.current();
    return now == null ? connection : now;
  }

  /** Whether a call of a former connection still runs. */
  boolean runs(InboundCall call) {
    KeptSession session = kept;
    return session != null
        && !fenced
        && session.current() == connection
        && call.equals(session.book().find(call.number()));
  }

  /** Whether nobody can ask for a call any more. Safe from any thread. */
  boolean forgotten(InboundCall call) {
    KeptSession session = kept;
    if (session == null || call.number() == 0) {
      return !connection.open();
    }
    return session.over();
  }

  /** A call has come to its end. */
  void returned() {
    KeptSession session = kept;
    if (session != null && (fenced || outlived) && engine.ranOut()) {
      session.ranOut(connection);
    }
    if (connection.open()) {
      received();
    } else {
      connection.rearm();
    }
  }

  /** The session is over, and this one has ended or will: nobody asks for what waits. */
  void forget() {
    engine.forget();
    connection.rearm();
  }

  // ---- its end

  /** The session goes to another connection: nothing more is taken from the peer, but answers. */
  void fence() {
    fenced = true;
    engine.detach();
  }

  /**
   * The other connection is in place: this one is closed with 4409 as soon as the peer has answered
   * what was asked of it here, and those of its calls have ended that can be answered nowhere else,
   * or after 10 s.
   */
  public void replaced() {
    replaced = true;
    if (connection.open()) {
      patience =
          connection
              .loop()
              .schedule(
                  REPLACED_WITHIN.toNanos(), () -> connection.close(CloseCode.REPLACED, REPLACED));
      received();
    }
  }

  /** Something came from the peer, or went back. */
  void received() {
    if (replaced && engine.pendingCalls() == 0 && !engine.bound()) {
      connection.close(CloseCode.REPLACED, REPLACED);
    }
  }

  /** The connection has ended. */
  void ended(int code) {
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
    KeptSession session = kept;
    outlived =
        session != null
            && !fenced
            && code != CloseCode.NORMAL.value()
            && code != CloseCode.GOING_AWAY.value()
            && (code < FATAL || code >= BEYOND_FATAL || code == CloseCode.HELLO_TIMEOUT.value())
            && session.lost(connection);
    if (outlived) {
      engine.detach();
    }
  }

  /** Whether the connection has ended and its session waits for another one. */
  public boolean outlived() {
    return outlived;
  }
}
