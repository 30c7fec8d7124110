package dev.everwire.session.transport;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens connections for a client. Safe from any thread. */
public interface Dialer extends AutoCloseable {

  /** A loop for a client to live on; connections dialled on it stay there. */
  Loop loop();

  /**
   * Connects and upgrades. Exactly one of the result's methods is called, on the loop, at the
   * latest when the timeout is over.
   */
  Attempt dial(Request request, Loop loop, Result result);

  /** Ends the loops; open connections are aborted. Waits at most 5 s. Idempotent. */
  @Override
  void close();

  /**
   * @param uri {@code ws} or {@code wss}
   * @param headers sent with the upgrade request
   * @param subprotocols offered, in order of preference
   * @param timeout for name look-up, connect, TLS and upgrade together
   */
  record Request(
      URI uri,
      Map<String, String> headers,
      List<String> subprotocols,
      Duration timeout,
      TransportLimits limits) {
    public Request {
      headers = Map.copyOf(headers);
      subprotocols = List.copyOf(subprotocols);
      if (!"ws".equals(uri.getScheme()) && !"wss".equals(uri.getScheme())) {
        throw new IllegalArgumentException(
            "uri: " + uri.getScheme() + ":… (expected: ws:// or wss://)");
      }
      if (uri.getHost() == null) {
        // no more of it: what stands where a host should be may hold a password
        throw new IllegalArgumentException(
            "uri: no host (expected: " + uri.getScheme() + "://host)");
      }
    }

    /** Without headers and query, which may hold secrets. */
    @Override
    public String toString() {
      return "Request[" + uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort() + "]";
    }
  }

  /** Is told how an attempt ended. */
  interface Result {
    /**
     * @param subprotocol what the server selected, or null
     */
    Receiver opened(Transport transport, @Nullable String subprotocol);

    void failed(Failure failure);
  }

  /**
   * @param status of the HTTP answer when the server refused the upgrade, 0 when there was none
   * @param message one sentence for people
   * @param retryAfter what the server asked for, or null
   */
  record Failure(int status, String message, @Nullable Duration retryAfter) {}

  /** A dial under way. */
  interface Attempt {
    /** Gives up: neither method of the result is called after this returns on the loop. */
    void cancel();
  }
}
