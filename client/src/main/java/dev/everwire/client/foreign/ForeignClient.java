package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.foreign.SubscriptionBook;
import dev.everwire.client.internal.keep.Handle;
import dev.everwire.client.internal.keep.Keeper;
import dev.everwire.client.link.Figures;
import dev.everwire.client.link.LastClose;
import dev.everwire.client.link.Queued;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's WebSocket API, over a connection that comes back by itself. How the service talks
 * is said by a {@link ProtocolHandler}. Safe from any thread.
 *
 * <p>While there is no connection, requests and messages wait as the settings say; subscriptions
 * wait as long as it takes and are asked for again on each connection.
 */
public final class ForeignClient implements AutoCloseable {
  private static final Duration LOOP_ANSWERS_WITHIN = Duration.ofSeconds(1);

  /** For a request without a deadline of its own: as good as none. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final ForeignOptions options;
  private final ForeignTalk talk;
  private final Keeper keeper;
  private final CallOptions usual;
  private final AtomicInteger asking;
  private final Handle handle;

  ForeignClient(ForeignOptions options) {
    this.options = options;
    this.talk = new ForeignTalk(options);
    this.keeper =
        new Keeper(
            options.terms(),
            true,
            options.authenticates(),
            listener -> new ForeignLine(options, talk, listener));
    talk.onEvent(keeper::tell);
    this.usual = CallOptions.within(options.terms().settings().requestTimeout());
    this.asking = new AtomicInteger();
    this.handle = new Handle(keeper);
  }

  /** Another handle. */
  private ForeignClient(ForeignClient of, Handle another) {
    this.options = of.options;
    this.talk = of.talk;
    this.keeper = of.keeper;
    this.usual = of.usual;
    this.asking = of.asking;
    this.handle = another;
  }

  /**
   * @param uri {@code ws} or {@code wss}
   * @param handler for this client only
   */
  public static ForeignClientBuilder builder(URI uri, ProtocolHandler handler) {
    return new ForeignClientBuilder(uri, handler);
  }

  // ---- requests

  /**
   * Asks and waits for the answer, as long as the settings' request timeout allows.
   *
   * @param payload the request without an id, which the handler puts in
   * @throws FaultException the service answered with an error, or the request was refused here: its
   *     time was over, too many are pending or wait, an id was given twice
   * @throws ConnectionLostException the connection was lost before the answer came
   */
  public <T> @Nullable T request(Object payload, Class<T> type) {
    return request(payload, type, usual);
  }

  /**
   * As {@link #request(Object, Class)}.
   *
   * @param how its deadline, whether it is sent again after a reconnect, its limiter
   */
  public <T> @Nullable T request(Object payload, Class<T> type, CallOptions how) {
    mayBlock();
    return decode(await(begin(encode(payload), how)).result(), type);
  }

  /** As {@link #request} with a message that is written as it is, but for its id. */
  public Text requestRaw(ForeignMessage message, CallOptions how) {
    mayBlock();
    return await(begin(message, how)).message();
  }

  /** As {@link #request} without waiting. Cancelling the future forgets the request. */
  public <T> CompletableFuture<@Nullable T> requestAsync(
      Object payload, Class<T> type, CallOptions how) {
    return derived(begin(encode(payload), how), reply -> decode(reply.result(), type));
  }

  /** As {@link #requestRaw} without waiting. Cancelling the future forgets the request. */
  public CompletableFuture<Text> requestRawAsync(ForeignMessage message, CallOptions how) {
    return derived(begin(message, how), ForeignRequest.Reply::message);
  }

  /** Requests that wait for their answer. */
  public int pendingRequests() {
    return asking.get();
  }

  // ---- messages

  /**
   * Sends a message that is not answered. While there is no connection it waits, if the settings
   * say so.
   *
   * @return FULL if too many wait, CLOSED if there is no connection and it may not wait
   */
  public Offer send(ForeignMessage message) {
    return talk.send(message, false);
  }

  /** As {@link #send}, but never waits for a connection: without one it answers CLOSED. */
  public Offer sendNow(ForeignMessage message) {
    return talk.send(message, true);
  }

  /** As {@link #send} with this text. */
  public Offer sendText(String text) {
    return send(ForeignMessage.text(text));
  }

  /** As {@link #send} with this value as JSON. */
  public Offer sendJson(Object value) {
    return send(encode(value));
  }

  /** What waits to be sent. */
  public Queued queued() {
    return talk.queued();
  }

  // ---- subscriptions

  /** Follows a topic. Returns at once, connected or not. */
  public <T> ForeignSubscription<T> subscribe(String topic, Class<T> type) {
    return subscribe(topic, type, options.buffering());
  }

  /** As {@link #subscribe(String, Class)} with a buffer of its own. */
  public <T> ForeignSubscription<T> subscribe(String topic, Class<T> type, Buffering buffering) {
    return subscribeAll(List.of(topic), type, buffering).getFirst();
  }

  /**
   * Follows several topics, each by itself; asks for them together.
   *
   * @return in the order of the topics
   */
  public <T> List<ForeignSubscription<T>> subscribeAll(
      List<String> topics, Class<T> type, Buffering buffering) {
    List<String> names = List.copyOf(topics);
    List<ForeignSubscription<T>> all = new ArrayList<>();
    for (String topic : names) {
      all.add(
          new ForeignSubscription<>(
              topic,
              type,
              buffering.buffer(),
              options.values(),
              keeper.loop(),
              feed -> keeper.execute(() -> talk.unsubscribe(topic, feed))));
    }
    List<SubscriptionBook.Feed> feeds = feeds(all);
    if (!keeper.execute(() -> talk.subscribe(names, feeds))) {
      all.forEach(ForeignSubscription::lost);
    }
    return List.copyOf(all);
  }

  private static <T> List<SubscriptionBook.Feed> feeds(List<ForeignSubscription<T>> all) {
    return all.stream().map(ForeignSubscription::feed).toList();
  }

  /** Topics that are subscribed or to be. Asks the loop, so not to be called on it. */
  public List<String> topics() {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    if (keeper.loop().inLoop()) {
      return talk.topics();
    }
    if (!keeper.execute(() -> answer.complete(talk.topics()))) {
      return List.of();
    }
    return answer.orTimeout(LOOP_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  // ---- life

  /** Where the client stands now. */
  public Status status() {
    return keeper.status();
  }

  /** Which connection this is: 1 for the first that was opened, 0 before. */
  public long epoch() {
    return keeper.epoch();
  }

  /**
   * How the last connection ended, unless this client ended it; empty before the first end, and
   * again from the moment another connection is ready.
   */
  public Optional<LastClose> lastClose() {
    return Optional.ofNullable(keeper.lastClose());
  }

  /** How the connections fare. */
  public Figures figures() {
    return keeper.figures();
  }

  /**
   * Another handle on this client, for somebody else to close: the connection ends with the last
   * handle.
   *
   * @throws IllegalStateException if the last one was closed
   */
  public ForeignClient share() {
    return new ForeignClient(this, handle.another());
  }

  /**
   * Closes this handle; with the last one the client ends, whatever it is doing: everything that
   * waits for it ends, and within a second its connection and threads are gone. Idempotent.
   */
  @Override
  public void close() {
    handle.close();
  }

  /**
   * As {@link #close} without waiting: done when the connection and the threads are gone; at once
   * if another handle is open.
   */
  public CompletableFuture<Void> closeAsync() {
    return handle.closeAsync();
  }

  void start() {
    keeper.start();
  }

  /** Waits for the first connection. */
  void connect(Duration within) {
    handle.connect(within);
  }

  // ---- how requests run

  private ForeignRequest begin(ForeignMessage message, CallOptions how) {
    how.limit().ifPresent(limit -> talk.lanes().known(limit.name()));
    long deadline = keeper.loop().now() + how.within().orElse(LONGEST).toNanos();
    ForeignRequest request =
        new ForeignRequest(message, how, deadline, talk.lanes().of(Sending.REQUEST));
    asking.incrementAndGet();
    var unused = request.done().whenComplete((reply, failure) -> asking.decrementAndGet());
    if (!keeper.execute(() -> talk.request(request))) {
      request.lost();
    }
    return request;
  }

  private interface Reading<T extends @Nullable Object> {
    T read(ForeignRequest.Reply reply);
  }

  /** Read on a worker, because the user's code is in it and may hang on it. */
  private <T extends @Nullable Object> CompletableFuture<T> derived(
      ForeignRequest request, Reading<T> reading) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var unused = request.done().thenAccept(how -> work(() -> read(how, reading, answer)));
    var ignored =
        answer.whenComplete((value, failure) -> {
          if (!request.done().isDone()) {
            forget(request); // it was cancelled, or completed by somebody else
          }
        });
    return answer;
  }

  private static <T extends @Nullable Object> void read(
      ForeignRequest.Answer how, Reading<T> reading, CompletableFuture<T> answer) {
    try {
      answer.complete(reading.read(how.orThrow()));
    } catch (Throwable e) { // whatever it is, somebody waits for it
      answer.completeExceptionally(e);
    }
  }

  private void work(Runnable task) {
    try {
      options.terms().workers().execute(task);
    } catch (RuntimeException e) {
      task.run(); // rather here than never
    }
  }

  private void forget(ForeignRequest request) {
    request.forgotten();
    keeper.execute(request::cancel);
  }

  private void mayBlock() {
    if (keeper.loop().inAnyLoop()) {
      throw new IllegalStateException(
          "request: would block the event loop (expected: requestAsync)");
    }
  }

  private ForeignRequest.Reply await(ForeignRequest request) {
    try {
      return request.done().get().orThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      forget(request);
      throw new ConnectionLostException(true, "interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private ForeignMessage encode(Object payload) {
    return payload instanceof ForeignMessage message
        ? message
        : ForeignMessage.json(
            payload instanceof RawJson json ? json : options.values().encode(payload));
  }

  private <T> @Nullable T decode(RawJson result, Class<T> type) {
    return type.cast(type == RawJson.class ? result : options.values().decode(result, type));
  }
}
