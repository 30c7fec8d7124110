package dev.everwire.client.foreign;

import dev.everwire.client.internal.keep.Terms;
import dev.everwire.client.internal.keep.TermsBuilder;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.transport.Dialer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link ForeignClient} together. Needs a {@link #dialer} and {@link #values}; everything
 * else has a default. One thread at a time.
 */
public final class ForeignClientBuilder {
  private static final Heartbeat HEARTBEAT =
      new Heartbeat(Duration.ofSeconds(30), Duration.ofSeconds(10));

  private static final int UPDATES = 256;
  private static final long UPDATE_BYTES = 16L * 1024 * 1024;

  private final TermsBuilder terms;
  private final ProtocolHandler handler;
  private @Nullable ValueCodec values;
  private RateLimiters limiters = new RateLimiters(System::nanoTime);
  private boolean authenticates;
  private boolean webSocketPing = true;
  private @Nullable Buffering buffering; // null: as the settings say
  private int maxPending; // 0: as the settings say
  private int maxTopics = 10_000;
  private Consumer<Boolean> onPressure = pressed -> {};

  ForeignClientBuilder(URI uri, ProtocolHandler handler) {
    this.terms = new TermsBuilder(uri);
    this.handler = handler;
    terms.settings().heartbeat(HEARTBEAT).subscriptionBuffer(UPDATES, UPDATE_BYTES);
  }

  /** Opens the connections. Stays the caller's, to be closed after the client. */
  public ForeignClientBuilder dialer(Dialer dialer) {
    terms.dialer(() -> dialer, false);
    return this;
  }

  /** As {@link #dialer} with one that is made for this client and closed with it. */
  public ForeignClientBuilder ownDialer(Supplier<? extends Dialer> dialer) {
    terms.dialer(dialer, true);
    return this;
  }

  /** Binds requests, results and updates. */
  public ForeignClientBuilder values(ValueCodec values) {
    this.values = values;
    return this;
  }

  /**
   * All times and bounds at once; what was set before is forgotten. Unless said the defaults, but
   * with a ping every 30 s, answered within 10 s, and 256 updates in each subscription.
   */
  public ForeignClientBuilder settings(ClientSettings settings) {
    terms.settings(settings);
    return this;
  }

  /** When to dial again. By default a random time of up to 1 s, 2 s, 4 s … 60 s, for ever. */
  public ForeignClientBuilder reconnect(ReconnectPolicy policy) {
    terms.settings().reconnect(policy);
    return this;
  }

  /** What becomes of requests and messages while there is no connection: they wait. */
  public ForeignClientBuilder whileAway(WhileAway answer) {
    terms.settings().whileAway(answer);
    return this;
  }

  /** Pings after 30 s without anything received, and waits 10 s for anything, unless said. */
  public ForeignClientBuilder heartbeat(Heartbeat heartbeat) {
    terms.settings().heartbeat(heartbeat);
    return this;
  }

  /**
   * Whether pings are WebSocket frames; true unless said. If not they are the handler's, where it
   * has one. A {@link Heartbeat} whose mode is not {@code AUTO} decides that itself.
   */
  public ForeignClientBuilder webSocketPing(boolean frames) {
    this.webSocketPing = frames;
    return this;
  }

  /** Another address of the same service, tried when those named before it do not answer. */
  public ForeignClientBuilder endpoint(URI uri) {
    terms.endpoint(uri);
    return this;
  }

  /** Sent with each upgrade request; a second value of a name takes the place of the first. */
  public ForeignClientBuilder header(String name, String value) {
    terms.header(name, value);
    return this;
  }

  /** Offered to the service, in order of preference; none unless said. */
  public ForeignClientBuilder subprotocols(String... offered) {
    terms.subprotocols(List.of(offered));
    return this;
  }

  /**
   * Says who the client is on each connection, by the handler's {@link
   * ProtocolHandler#authMessage}.
   */
  public ForeignClientBuilder token(String token) {
    return tokens(TokenSupplier.fixed(token), TokenPlace.MESSAGE);
  }

  /** As {@link #token} with one that is asked for on each dial. */
  public ForeignClientBuilder tokens(TokenSupplier tokens) {
    return tokens(tokens, TokenPlace.MESSAGE);
  }

  /** As {@link #tokens(TokenSupplier)}; in the header it is sent with the upgrade request. */
  public ForeignClientBuilder tokens(TokenSupplier tokens, TokenPlace place) {
    terms.tokens(tokens, place);
    this.authenticates |= place == TokenPlace.MESSAGE;
    return this;
  }

  /** Authenticates by the handler's message though there is no token: it knows its own secret. */
  public ForeignClientBuilder authenticate() {
    this.authenticates = true;
    return this;
  }

  /** The named limiters that the handler and requests may pass; may be shared. None unless said. */
  public ForeignClientBuilder rateLimiters(RateLimiters named) {
    this.limiters = named;
    return this;
  }

  /** What may wait in each subscription; as the settings say, the oldest give way, unless said. */
  public ForeignClientBuilder buffering(Buffering usual) {
    this.buffering = usual;
    return this;
  }

  /**
   * How many requests may wait for their answer, 1–1 000 000; {@code maxPendingCalls} of the
   * settings' limits, 1 000, unless said.
   */
  public ForeignClientBuilder maxPending(int requests) {
    this.maxPending = checked("maxPending", requests);
    return this;
  }

  /** How many topics may be subscribed, 10 000 unless said; 1–1 000 000. */
  public ForeignClientBuilder maxTopics(int topics) {
    this.maxTopics = checked("maxTopics", topics);
    return this;
  }

  /**
   * Is told that what waits to be sent takes more than half of its bound (true), or again less than
   * a quarter (false); one at a time and in order, on a worker.
   */
  public ForeignClientBuilder onPressure(Consumer<Boolean> listener) {
    this.onPressure = listener;
    return this;
  }

  /** Is told every event, one at a time and in order, on a worker. */
  public ForeignClientBuilder onEvent(Consumer<ClientEvent> listener) {
    terms.onEvent(listener);
    return this;
  }

  /** Is told every status, one at a time and in order, on a worker. */
  public ForeignClientBuilder onStatus(Consumer<Status> listener) {
    terms.onStatus(listener);
    return this;
  }

  /** Is told what happens, on the loop, for figures and traces. */
  public ForeignClientBuilder observer(Observer observer) {
    terms.observer(observer);
    return this;
  }

  /** Is asked before each dial, and may be shared with other clients of the same service. */
  public ForeignClientBuilder breaker(CircuitBreaker breaker) {
    terms.breaker(breaker);
    return this;
  }

  /** Runs listeners and completions; a virtual thread for each by default. */
  public ForeignClientBuilder workers(Executor workers) {
    terms.workers(workers);
    return this;
  }

  /** Chance, for delays, ids and the phase of heartbeats. Used on the client's loop only. */
  public ForeignClientBuilder random(RandomGenerator random) {
    terms.random(random);
    return this;
  }

  /** How long {@link #connect} tries, 30 s by default. */
  public ForeignClientBuilder connectWithin(Duration within) {
    terms.connectWithin(within);
    return this;
  }

  /**
   * Starts and waits for the first connection, through failed dials if need be.
   *
   * @throws ConnectFailedException the service refused for good, or the time was over
   */
  public ForeignClient connect() {
    ForeignClient client = start();
    client.connect(terms.connectWithin());
    return client;
  }

  /** Starts and returns at once. */
  public ForeignClient start() {
    terms.check();
    if (values == null) {
      throw new IllegalStateException("values: not set (expected: .values(…))");
    }
    // Whatever the handler may throw, it does so before anything is made.
    Lanes lanes = new Lanes(handler, limiters);
    boolean confirms = handler.confirmsSubscriptions();
    Terms built = terms.build();
    ClientSettings settings = built.settings();
    ForeignClient client =
        new ForeignClient(
            new ForeignOptions(
                built,
                handler,
                values,
                lanes,
                confirms,
                authenticates,
                webSocketPing,
                buffering == null
                    ? Buffering.of(settings.subscriptionEvents(), settings.subscriptionBytes())
                    : buffering,
                maxPending == 0 ? settings.limits().maxPendingCalls() : maxPending,
                maxTopics,
                onPressure));
    client.start();
    return client;
  }

  private static int checked(String name, int value) {
    if (value < 1 || value > 1_000_000) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1-1000000)");
    }
    return value;
  }
}
