package dev.everwire.session.transport;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of requests that reach a {@link Listener}. Called on the connection's loop;
 * must not block.
 */
public interface Acceptor {

  /** Upgrade to a WebSocket, or refuse before it. */
  Answer upgrade(Handshake handshake);

  /**
   * Answers an ordinary HTTP request.
   *
   * @param reply takes the answer, once, from any thread; a second one is an {@link
   *     IllegalStateException}
   */
  void http(HttpRequest request, Consumer<HttpReply> reply);

  /** The answer to an upgrade. */
  sealed interface Answer {}

  /**
   * The answer is not known yet. Nothing is read from the client meanwhile, which waits as long as
   * for the answer to any request.
   *
   * @param answer may complete on any thread; one that is itself {@code Later}, or a failure, is
   *     answered 500
   */
  record Later(CompletionStage<Answer> answer) implements Answer {}

  /**
   * @param subprotocol the one selected among those offered, or null
   * @param open makes the receiver; called on the loop once the connection is open
   */
  record Accept(
      @Nullable String subprotocol, TransportLimits limits, Function<Transport, Receiver> open)
      implements Answer {}

  /**
   * @param status 400…599
   * @param text short plain-text body
   */
  record Refuse(int status, String text, Map<String, String> headers) implements Answer {
    public Refuse {
      headers = Map.copyOf(headers);
    }

    public static Refuse with(int status, String text) {
      return new Refuse(status, text, Map.of());
    }
  }
}
