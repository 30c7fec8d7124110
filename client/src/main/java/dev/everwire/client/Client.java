package dev.everwire.client;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.RemotePeer;
import dev.everwire.session.stream.ItemStream;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server, called and listened to over a connection that comes back by itself. Safe from any
 * thread.
 *
 * <p>While there is no connection, calls end at once with {@link ConnectionLostException};
 * subscriptions wait, and go on where they were.
 */
public final class Client implements Peer, AutoCloseable {
  /** Connections, threads and waiting calls are gone by then. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private final ClientOptions options;
  private final Keeper keeper;
  private final RemotePeer peer;
  private final TopicCalls topicCalls;

  Client(ClientOptions options) {
    this.options = options;
    this.keeper = new Keeper(options);
    this.peer =
        new RemotePeer(keeper, options.values(), options.workers(), options.serving().errors());
    this.topicCalls = new TopicCalls(this, keeper, options);
  }

  /**
   * @param uri {@code ws} or {@code wss}, for instance {@code wss://example.org/ws}
   */
  public static ClientBuilder builder(URI uri) {
    return new ClientBuilder(uri);
  }

  // ---- calls

  @Override
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    return orLost(() -> peer.call(method, params, type));
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    return orLost(() -> peer.call(method, params, type, options));
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    try {
      return peer.callAsync(method, params, type, options);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(closed());
    }
  }

  @Override
  public <T> ItemStream<T> stream(String method, @Nullable Object params, Class<T> itemType) {
    return peer.stream(method, params, itemType);
  }

  @Override
  public ItemStream<?> stream(
      String method, @Nullable Object params, Type itemType, CallOptions options) {
    return peer.stream(method, params, itemType, options);
  }

  @Override
  public Batch batch() {
    return peer.batch();
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    try {
      return peer.notify(method, params);
    } catch (RejectedExecutionException e) {
      return Offer.CLOSED;
    }
  }

  @Override
  public <T> T proxy(Class<T> contract, CallOptions options) {
    return peer.proxy(contract, this, options);
  }

  // ---- topics

  /** Follows a topic: begins with what is published next. Returns at once, connected or not. */
  public <T> Subscription<T> subscribe(String topic, Class<T> type) {
    return subscribe(topic, type, null);
  }

  /**
   * Follows a topic behind a position, for instance one stored before this program was started.
   * What cannot be recovered is told as an {@link Event.Gap}.
   *
   * @param since null to begin with what is published next
   */
  public <T> Subscription<T> subscribe(String topic, Class<T> type, @Nullable Position since) {
    return topicCalls.subscribe(topic, type, since);
  }

  /**
   * Publishes and waits until the server has it.
   *
   * @throws ConnectionLostException perhaps published, see {@link
   *     ConnectionLostException#maybeExecuted}
   */
  public Position publish(String topic, @Nullable Object data) {
    return topicCalls.publish(topic, data);
  }

  /** As {@link #publish} without waiting. */
  public CompletableFuture<Position> publishAsync(String topic, @Nullable Object data) {
    return topicCalls.publishAsync(topic, data);
  }

  /**
   * What a topic still remembers, oldest first.
   *
   * @param since null for the oldest kept
   * @param limit most events wanted, at least 1; the server may give fewer, so ask again behind the
   *     last one until none comes
   */
  public <T> List<Event.Item<T>> history(
      String topic, @Nullable Position since, int limit, Class<T> type) {
    return topicCalls.history(topic, since, limit, type);
  }

  // ---- life

  /** Where the client stands now. */
  public Status status() {
    return keeper.status();
  }

  /**
   * How the last connection ended, unless this client ended it; empty before the first end, and
   * again from the moment another connection is live.
   */
  public Optional<LastClose> lastClose() {
    return Optional.ofNullable(keeper.lastClose());
  }

  /** The session's public name; empty while there is none, and with a plain JSON-RPC server. */
  public Optional<String> sessionId() {
    return Optional.ofNullable(keeper.sessionId());
  }

  /**
   * Ends the client, whatever it is doing: everything that waits for it ends, and within a second
   * its connection and threads are gone. Idempotent.
   */
  @Override
  public void close() {
    CompletableFuture<Void> ended = closeAsync();
    if (keeper.loop().inLoop()) {
      return; // what is to be waited for happens here
    }
    await(ended);
    if (!keeper.statuses().telling()) {
      await(keeper.statuses().closed());
    }
  }

  /** As {@link #close} without waiting: done when the connection and the threads are gone. */
  public CompletableFuture<Void> closeAsync() {
    keeper.close();
    return keeper.ended().copy();
  }

  private static void await(CompletableFuture<Void> done) {
    try {
      done.get(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It goes on by itself; nobody is kept waiting for it.
    }
  }

  void start() {
    keeper.start();
  }

  /** Waits for the first live connection. */
  void connect(Duration within) {
    if (keeper.loop().inLoop()) {
      throw new IllegalStateException("connect: would block the event loop (expected: start)");
    }
    keeper.connectWithin(within);
    try {
      keeper.firstLive().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new ConnectFailedException(options.address() + ": interrupted", 0);
    } catch (ExecutionException e) {
      close();
      if (e.getCause() instanceof ConnectFailedException failed) {
        throw new ConnectFailedException(String.valueOf(failed.getMessage()), failed.httpStatus());
      }
      throw new IllegalStateException(e);
    }
  }

  private <T> @Nullable T orLost(Supplier<@Nullable T> body) {
    try {
      return body.get();
    } catch (RejectedExecutionException e) {
      throw closed();
    }
  }

  private static ConnectionLostException closed() {
    return new ConnectionLostException(false, "client closed");
  }
}
