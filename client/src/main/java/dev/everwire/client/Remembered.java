package dev.everwire.client;

import dev.everwire.client.internal.calls.Resumption;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.PeerProfile;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client keeps of its session to take it up again on another connection. Event loop only.
 *
 * <p>The token of the latest answer is the one to come with. If that answer was lost, it is the one
 * before, which the server still takes.
 */
final class Remembered {
  private static final Duration LONGEST_WINDOW = Duration.ofDays(30);

  private @Nullable String session;
  private @Nullable String token; // secret
  private @Nullable Connection last; // on which it was answered

  /**
   * What hello says of it; null if there is nothing to take up.
   *
   * @param pending numbers of calls that wait for their answers
   */
  Hello.@Nullable Resume resume(List<Long> pending) {
    return session == null || token == null ? null : new Hello.Resume(session, token, pending);
  }

  /** Whether there is a session to take up. */
  boolean holds() {
    return token != null;
  }

  /** The server has answered hello on this connection, which is going to be used. */
  Resumption welcomed(Welcome answer, Connection connection) {
    boolean kept = answer.resumeWindowMs() > 0 && answer.caps().contains(PeerProfile.ACK);
    boolean resumed = answer.resumed() && last != null;
    long numbers = 0;
    if (resumed && last != null) {
      numbers = last.calling().last();
      last.calling().leftBehind();
      connection.calling().goOnBehind(numbers);
    }
    if (kept) {
      connection.calling().keptBehind(numbers);
      session = answer.session();
      token = answer.resumeToken();
      last = connection;
    } else {
      forget();
    }
    Duration window = Duration.ofMillis(answer.resumeWindowMs());
    return new Resumption(
        !kept ? Duration.ZERO : window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW : window,
        resumed,
        answer.calls());
  }

  void forget() {
    session = null;
    token = null;
    last = null;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Remembered[" + session + "]";
  }
}
