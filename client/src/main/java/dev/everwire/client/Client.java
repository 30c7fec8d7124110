package dev.everwire.client;

import dev.everwire.client.internal.keep.Handle;
import dev.everwire.client.internal.keep.Keeper;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Figures;
import dev.everwire.client.link.LastClose;
import dev.everwire.client.link.Queued;
import dev.everwire.client.link.Status;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server, called and listened to over a connection that comes back by itself. Safe from any
 * thread.
 *
 * <p>While there is no connection, calls and notifications wait within the bounds of {@link
 * dev.everwire.client.link.WhileAway}, or end at once where that or the call says so; subscriptions
 * wait, and go on where they were. A call that was sent when the link dropped waits for its answer
 * on the next connection if the server keeps the session; otherwise it ends with {@link
 * ConnectionLostException}, unless it is idempotent, see {@link CallOptions}. No more calls are on
 * the wire than the server takes; the rest wait here, too.
 */
public final class Client implements Peer, AutoCloseable {
  private final Keeper keeper;
  private final Conversation conversation;
  private final RemotePeer peer;
  private final TopicCalls topicCalls;
  private final CallOptions usual;
  private final Handle handle;

  Client(ClientOptions options) {
    this.conversation = new Conversation(options);
    this.keeper =
        new Keeper(
            options.terms(),
            !options.plain(),
            !options.plain() && options.terms().tokens() != null,
            listener -> new EverwireLine(options, conversation, listener));
    conversation.onFailedTopic((topic, why) ->
        keeper.tell(new ClientEvent.SubscriptionFailed(keeper.epoch(), topic, why)));
    this.peer =
        new RemotePeer(
            conversation.calls(),
            options.values(),
            options.terms().workers(),
            options.serving().errors());
    this.topicCalls = new TopicCalls(this, new Home(keeper, conversation), options);
    this.usual = CallOptions.within(options.terms().settings().requestTimeout());
    this.handle = new Handle(keeper);
  }

  /** Another handle. */
  private Client(Client of, Handle another) {
    this.conversation = of.conversation;
    this.keeper = of.keeper;
    this.peer = of.peer;
    this.topicCalls = of.topicCalls;
    this.usual = of.usual;
    this.handle = another;
  }

  /**
   * @param uri {@code ws} or {@code wss}, for instance {@code wss://example.org/ws}
   */
  public static ClientBuilder builder(URI uri) {
    return new ClientBuilder(uri);
  }

  // ---- calls

  @Override
  @SuppressWarnings("unchecked") // the codec answers an instance of the type, boxed if need be
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    return (T) call(method, params, type, usual);
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    return orLost(() -> peer.call(method, params, type, timed(options)));
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    try {
      return peer.callAsync(method, params, type, timed(options));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(lost());
    }
  }

  /** Who says nothing else means this client's time, not everybody's. */
  private CallOptions timed(CallOptions options) {
    return options == CallOptions.DEFAULT ? usual : options;
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
    return topicCalls.subscribe(topic, type, (Position) null);
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

  /** As {@link #subscribe(String, Class)}, with a word on where it begins and what may wait. */
  public <T> Subscription<T> subscribe(String topic, Class<T> type, SubscriptionOptions options) {
    return topicCalls.subscribe(topic, type, options);
  }

  /**
   * What the server sends to this session alone: each event's data is {@code
   * {"event":…,"payload":…}}. It is a topic like any other, and goes on where it was after a
   * reconnect. The server keeps each message until it was dealt with, which is when the next one is
   * asked for; what was handed out last before {@link Subscription#close} is not, and comes again
   * to who reads the inbox next. For one reader at a time.
   */
  public <T> Subscription<T> inbox(Class<T> type) {
    return topicCalls.inbox(type);
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
    return Optional.ofNullable(conversation.sessionId());
  }

  /** What waits to be sent. */
  public Queued queue() {
    return conversation.calls().queued();
  }

  /** How the connections of this client have fared. */
  public Figures figures() {
    return keeper.figures();
  }

  /** Which connection this is: 1 for the first that was opened, 0 before. */
  public long epoch() {
    return keeper.epoch();
  }

  /**
   * Another handle on this client, for somebody else to close: the connection ends with the last
   * handle.
   *
   * @throws IllegalStateException if the last one was closed
   */
  public Client share() {
    return new Client(this, handle.another());
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

  // ---- for a pool

  TopicCalls topicCalls() {
    return topicCalls;
  }

  Conversation conversation() {
    return conversation;
  }

  /** A proxy whose calls are made by somebody who stands before this client. */
  <T> T proxy(Class<T> contract, Peer through, CallOptions options) {
    return peer.proxy(contract, through, options);
  }

  private <T> @Nullable T orLost(Supplier<@Nullable T> body) {
    try {
      return body.get();
    } catch (RejectedExecutionException e) {
      throw lost();
    }
  }

  private static ConnectionLostException lost() {
    return new ConnectionLostException(false, "client closed");
  }
}
