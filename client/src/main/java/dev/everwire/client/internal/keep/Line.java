package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.internal.lifecycle.Verdicts;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.wire.Alert;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Keeper} keeps connected: opens connections, says what has to be said first, lets go
 * of them; and carries what users do with it. Event loop only.
 *
 * <p>There is one present connection at most. One that is opened while there is one is its
 * successor, which becomes the present one by {@link #handOver}, or when the present one is lost.
 */
public interface Line {

  /** Is told what happens, on the loop. */
  interface Listener {
    /** Always about the present connection or its successor. */
    void happened(Input input);

    /**
     * A WebSocket is open. Told before {@link Input.Opened}.
     *
     * @param epoch one more than the last one's
     */
    void opened(long epoch, URI endpoint);

    /** A WebSocket is gone, whoever ended it; told before {@link Input.Lost} if that follows. */
    void gone(long epoch, int code, String reason);

    /** One that was let go is gone. */
    void released();

    /** The server is going away. */
    void goaway(Departure departure);

    /** The token ends in so long, unless it is renewed. */
    void expiring(Duration in);

    /** An administrator of the server has something to say. */
    void alert(Alert alert);
  }

  /**
   * @param in when to dial the other connection
   * @param closeIn when the server ends the present one
   * @param to where to dial it; null for where the client would
   * @param retryAfter not to dial here before, whatever happens; null if the server did not say
   */
  record Departure(
      String reason,
      Duration in,
      Duration closeIn,
      @Nullable URI to,
      @Nullable Duration retryAfter) {}

  /** How a renewal ended. */
  sealed interface Renewed {
    /** Good for so long; null if the server did not say. */
    record Accepted(@Nullable Duration expiresIn) implements Renewed {}

    record Refused(String why) implements Renewed {}

    /** No answer, no connection, or the peer knows no such thing. */
    record Unknown() implements Renewed {}
  }

  /**
   * Comes to {@link Input.Opened} or {@link Input.DialFailed} unless cancelled. What it throws
   * counts as failed.
   */
  void dial(URI endpoint, @Nullable String token);

  /** Gives up the dial under way, and a successor that opened this very moment. */
  void cancelDial();

  /** Says what has to be said first on the connection opened last. */
  void greet();

  /**
   * Lets go of the present connection and its successor: the closing handshake, and soon after it
   * the end. After {@link #end}, also of those that were handed over.
   */
  void hangup(CloseCode code, String reason);

  void dropSuccessor(CloseCode code, String reason);

  /** The former connection leaves when its calls are answered, at the latest after so long. */
  void handOver(Duration closeIn);

  /** The present connection may be used. Also told when a successor takes its place. */
  void online();

  /** There is no present connection any more. */
  void offline();

  /** Nothing follows: what waits ends with this. */
  void end(End end);

  /** Tells the server a new token on the present connection, where the protocol has a way. */
  void renew(String token, Consumer<Renewed> outcome);

  /** What a close code of this kind of server says about coming back. */
  default CloseCode.Verdict verdict(int code) {
    return Verdicts.of(code);
  }

  /** Whether no connection is left, neither the present nor one that was let go. */
  boolean released();
}
