package dev.everwire.client;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Methods;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.time.Duration;
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
    Methods methods,
    ReconnectPolicy reconnect,
    Consumer<Status> onStatus,
    Map<String, String> headers,
    SessionLimits limits,
    TransportLimits transportLimits,
    Heartbeat heartbeat,
    Duration dialTimeout,
    boolean plain,
    Executor workers,
    RandomGenerator random,
    String name,
    String version,
    int maxWaitingEvents,
    long maxWaitingBytes) {

  /** Where the server is, for people: without the query, which may hold a token. */
  String address() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }
}
