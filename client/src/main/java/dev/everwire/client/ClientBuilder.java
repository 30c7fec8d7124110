package dev.everwire.client;

import dev.everwire.client.internal.keep.TermsBuilder;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observer;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a client together. Needs a {@link #dialer} and {@link #values}; everything else has a
 * default. One thread at a time.
 */
public final class ClientBuilder extends ServingBuilder<ClientBuilder> {
  private static final Executor WATCHER =
      task -> Thread.ofPlatform().daemon().name("everwire-watchdog").start(task);

  private static final int MOST_CLIENT_ID = 128;

  private final TermsBuilder terms;
  private @Nullable ValueCodec values;
  private boolean plain;
  private Dialect dialect = Dialect.JSON_RPC;
  private boolean binary;
  private String name = "everwire-java";
  private String version = "";
  private @Nullable String clientId;
  private boolean cancelPlain;
  private RateLimiters limiters = new RateLimiters(System::nanoTime);
  private Consumer<Boolean> onPressure = pressed -> {};

  ClientBuilder(URI uri) {
    super(
        () -> null,
        WATCHER,
        CompletableFuture.delayedExecutor(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS));
    this.terms = new TermsBuilder(uri);
  }

  @Override
  protected ClientBuilder self() {
    return this;
  }

  /** Opens the connections. Stays the caller's, to be closed after the client. */
  public ClientBuilder dialer(Dialer dialer) {
    terms.dialer(() -> dialer, false);
    return this;
  }

  /** As {@link #dialer} with one that is made for this client and closed with it. */
  public ClientBuilder ownDialer(Supplier<? extends Dialer> dialer) {
    terms.dialer(dialer, true);
    return this;
  }

  /** Binds parameters, results and events. */
  public ClientBuilder values(ValueCodec values) {
    this.values = values;
    return this;
  }

  /**
   * Tells a plain JSON-RPC server by {@code $/cancelRequest} when a call was cancelled or its
   * deadline passed, as language servers know it. Unless said, only a server that answered hello or
   * sent a {@code $/…} notification itself is told.
   */
  public ClientBuilder cancelPlain() {
    cancelPlain = true;
    return this;
  }

  /** When to dial again. By default a random time of up to 1 s, 2 s, 4 s … 60 s, for ever. */
  public ClientBuilder reconnect(ReconnectPolicy reconnect) {
    terms.settings().reconnect(reconnect);
    return this;
  }

  /**
   * Another address of the same service, tried when those named before it do not answer; one that
   * failed lately is spared for a while.
   */
  public ClientBuilder endpoint(URI uri) {
    terms.endpoint(uri);
    return this;
  }

  /** All times and bounds at once; what was set before is forgotten. */
  public ClientBuilder settings(ClientSettings settings) {
    terms.settings(settings);
    return this;
  }

  /** Says who the client is with each dial, in the header {@code Authorization: Bearer …}. */
  public ClientBuilder token(String token) {
    return tokens(TokenSupplier.fixed(token), TokenPlace.HEADER);
  }

  /** As {@link #token} with one that is asked for on each dial, and renewed before it expires. */
  public ClientBuilder tokens(TokenSupplier tokens) {
    return tokens(tokens, TokenPlace.HEADER);
  }

  /** As {@link #tokens(TokenSupplier)}, put where the server looks for it. */
  public ClientBuilder tokens(TokenSupplier tokens, TokenPlace place) {
    terms.tokens(tokens, place);
    return this;
  }

  /** Is told every event, one at a time and in order, on a worker. */
  public ClientBuilder onEvent(Consumer<ClientEvent> listener) {
    terms.onEvent(listener);
    return this;
  }

  /** Is told every status, one at a time and in order, on a worker. */
  public ClientBuilder onStatus(Consumer<Status> listener) {
    terms.onStatus(listener);
    return this;
  }

  /** What becomes of calls and notifications while there is no connection: they wait. */
  public ClientBuilder whileAway(WhileAway answer) {
    terms.settings().whileAway(answer);
    return this;
  }

  /**
   * Is told that what waits to be sent takes more than half of its bound (true), or again less than
   * a quarter (false); one at a time and in order, on a worker.
   */
  public ClientBuilder onPressure(Consumer<Boolean> listener) {
    this.onPressure = listener;
    return this;
  }

  /** The limiters that calls may name, see {@link dev.everwire.session.CallOptions#limitedBy}. */
  public ClientBuilder rateLimiters(RateLimiters named) {
    this.limiters = named;
    return this;
  }

  /** Is asked before each dial, and may be shared with other clients of the same service. */
  public ClientBuilder breaker(CircuitBreaker breaker) {
    terms.breaker(breaker);
    return this;
  }

  /** Is told what happens, on the loop, for figures and traces. */
  public ClientBuilder observer(Observer observer) {
    terms.observer(observer);
    return this;
  }

  /** Sent with each upgrade request; a second value of a name takes the place of the first. */
  public ClientBuilder header(String name, String value) {
    terms.header(name, value);
    return this;
  }

  public ClientBuilder limits(SessionLimits limits) {
    terms.settings().limits(limits);
    return this;
  }

  public ClientBuilder transportLimits(TransportLimits limits) {
    terms.settings().transportLimits(limits);
    return this;
  }

  /** For plain peers, and until hello is answered; an Everwire server says its own. */
  public ClientBuilder heartbeat(Heartbeat heartbeat) {
    terms.settings().heartbeat(heartbeat);
    return this;
  }

  /** How long {@link #connect} tries, 30 s by default. */
  public ClientBuilder connectWithin(Duration within) {
    terms.connectWithin(within);
    return this;
  }

  /** How long one dial may take, 10 s by default. */
  public ClientBuilder dialTimeout(Duration timeout) {
    terms.settings().dialTimeout(timeout);
    return this;
  }

  /** Never says hello: nothing but JSON-RPC 2.0 goes over the wire. */
  public ClientBuilder plain() {
    this.plain = true;
    return this;
  }

  /**
   * What the server speaks; JSON-RPC 2.0 unless said. With another dialect no hello is said, as
   * with {@link #plain}.
   */
  public ClientBuilder dialect(Dialect spoken) {
    this.dialect = spoken;
    return this;
  }

  /** Sends binary messages that hold the same JSON, for servers that want it so; both are read. */
  public ClientBuilder binaryMessages() {
    this.binary = true;
    return this;
  }

  /**
   * Offered to the server, in order of preference; none unless said. A server may select one of
   * them or none; if it selects another, the dial fails.
   */
  public ClientBuilder subprotocols(String... offered) {
    terms.subprotocols(List.of(offered));
    return this;
  }

  /** Runs methods, status listeners and completions; a virtual thread for each by default. */
  public ClientBuilder workers(Executor workers) {
    terms.workers(workers);
    return this;
  }

  /** Chance, for delays and the phase of heartbeats. Used on the client's loop only. */
  public ClientBuilder random(RandomGenerator random) {
    terms.random(random);
    return this;
  }

  /** How the client calls itself, for the server's logs. */
  public ClientBuilder name(String name) {
    this.name = name;
    return this;
  }

  public ClientBuilder version(String version) {
    this.version = version;
    return this;
  }

  /**
   * What the client calls itself on all its connections, so that the server knows it again; it is
   * bound to the session's resume token. Unless said, the server sees nothing but sessions.
   *
   * @param id 1–128 printable characters
   */
  public ClientBuilder clientId(String id) {
    if (id.isEmpty()
        || id.length() > MOST_CLIENT_ID
        || id.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "clientId: " + id.length() + " characters (expected: 1-128 printable ones)");
    }
    clientId = id;
    return this;
  }

  /**
   * How much may wait in each {@link Subscription}, 10 000 events and 16 MiB by default. Beyond it
   * the oldest give way to one {@link Event.Gap}.
   */
  public ClientBuilder maxWaiting(int events, long bytes) {
    terms.settings().subscriptionBuffer(events, bytes);
    return this;
  }

  /**
   * Starts and waits for the first live connection, through failed dials if need be.
   *
   * @throws ConnectFailedException the server refused for good, or the time was over
   */
  public Client connect() {
    Client client = start();
    client.connect(terms.connectWithin());
    return client;
  }

  /** Starts and returns at once. */
  public Client start() {
    Client client = new Client(options());
    client.start();
    return client;
  }

  private ClientOptions options() {
    terms.check();
    if (values == null) {
      throw new IllegalStateException("values: not set (expected: .values(…))");
    }
    return new ClientOptions(
        terms.build(),
        values,
        serving(),
        plain || dialect != Dialect.JSON_RPC,
        new ClientOptions.Speech(dialect, binary),
        name,
        version,
        clientId,
        cancelPlain,
        limiters,
        onPressure);
  }
}
