package dev.everwire.client;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What {@link ClientBuilder} has put together. */
record ClientOptions(
    URI uri,
    Dialer dialer,
    boolean ownsDialer,
    ValueCodec values,
    ServingBuilder.Serving serving,
    ReconnectPolicy reconnect,
    Consumer<Status> onStatus,
    Map<String, String> headers,
    SessionLimits limits,
    TransportLimits transportLimits,
    Heartbeat heartbeat,
    Duration dialTimeout,
    boolean plain,
    Speech speech,
    Executor workers,
    RandomGenerator random,
    String name,
    String version,
    int maxWaitingEvents,
    long maxWaitingBytes,
    boolean cancelPlain) {

  /**
   * What is spoken on the wire.
   *
   * @param binary in binary messages
   * @param subprotocols offered
   */
  record Speech(Dialect dialect, boolean binary, List<String> subprotocols) {}

  /** Where the server is, for people: without the query, which may hold a token. */
  String address() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }
}
