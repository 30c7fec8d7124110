package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.access.Action;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.internal.access.Review;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.server.topic.Topics;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.Broker;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one node: between the broker and the event loops. A publication is encoded once and
 * handed to each loop that has subscribers of its topic. Safe from any thread.
 */
public final class TopicHub implements Topics {
  private final Broker broker;
  private final TopicRules rules;
  private final ValueCodec values;
  private final int maxSubscriptions;
  private final HistoryReads reads;
  private final TopicMethods methods = new TopicMethods(this);
  private final Following following = new Following(this);
  private final ConcurrentMap<String, Interest> interests = new ConcurrentHashMap<>();
  private final ConcurrentMap<Loop, LoopTopics> loops = new ConcurrentHashMap<>();
  private Function<String, @Nullable Position> inboxStart = session -> null;
  private final TopicList list = new TopicList(this);
  private @Nullable Permissions permissions; // set before anything else

  /**
   * @param rules in the order in which they are asked
   * @param maxSubscriptions of one connection
   */
  public TopicHub(Broker broker, List<TopicRule> rules, ValueCodec values, int maxSubscriptions) {
    this.broker = broker;
    this.rules = new TopicRules(rules);
    this.values = values;
    this.maxSubscriptions = maxSubscriptions;
    this.reads = new HistoryReads(broker);
  }

  /** Begins to listen to the broker. Once, before anything else. */
  public void start() {
    broker.start(this::published);
  }

  /** What serves one of Everwire's own methods for topics, or null if it is none. */
  public @Nullable Route route(String method) {
    return methods.route(method);
  }

  /** For peers that know nothing of positions. */
  public Following following() {
    return following;
  }

  /** A connection is gone. On its loop. */
  public void closed(Connection connection) {
    LoopTopics topics = loops.get(connection.loop());
    if (topics != null) {
      topics.closed(connection);
    }
  }

  /** A connection has room again for events. On its loop. */
  public void relieved(Connection connection) {
    LoopTopics topics = loops.get(connection.loop());
    if (topics != null) {
      topics.relieved(connection);
    }
  }

  /** What there is, for administrators. */
  public TopicList list() {
    return list;
  }

  @Override
  public Position publish(String topic, @Nullable Object data) {
    try {
      return publishAsync(topic, data)
          .get(BrokerWait.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted while publishing", e);
    } catch (TimeoutException e) {
      throw new BrokerException("no answer within " + BrokerWait.ANSWER_WITHIN, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof BrokerException same ? same : new BrokerException("publish failed", e);
    }
  }

  @Override
  public CompletableFuture<Position> publishAsync(String topic, @Nullable Object data) {
    TopicRule rule = rules.find(new TopicName(topic));
    if (rule == null) {
      throw new IllegalArgumentException(
          "topic: \"" + topic + "\" (expected: one that a rule names)");
    }
    RawJson json = data instanceof RawJson raw ? raw.compact() : values.encode(data).compact();
    return publish(topic, json, rule).toCompletableFuture().copy();
  }

  /** Sends to the inbox of a session. */
  public CompletionStage<Position> publishInbox(String session, RawJson data, int most) {
    list.published();
    try {
      return broker.publish(InboxTopics.of(session), data, new Broker.Retention(most));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(new BrokerException("publish failed", e));
    }
  }

  /** A session is over, and its inbox with it. */
  public void forgetInbox(String session) {
    broker.remove(InboxTopics.of(session));
  }

  /**
   * Says where a client begins to hear its inbox that names no position. Before anything else.
   *
   * @param start of a session, null for the end of the stream
   */
  public void inboxesStart(Function<String, @Nullable Position> start) {
    inboxStart = start;
  }

  /** Not everybody may do everything from now on. Before anything else. */
  public void guarded(Permissions asked) {
    permissions = asked;
  }

  /** What is asked about again when something has changed. */
  public Review.Subscriptions subscriptions() {
    return new Review.Subscriptions() {
      @Override
      public List<Review.Item> of(Connection connection) {
        return TopicHub.this.of(connection.loop()).topicsOf(connection).stream()
            .filter(TopicName::valid) // an inbox is its peer's own
            .map(topic -> new Review.Item(Action.SUBSCRIBE, topic, null))
            .toList();
      }

      @Override
      public boolean end(Connection connection, Review.Item item, Fault why) {
        return TopicHub.this.of(connection.loop()).takeBack(connection, item.resource(), why);
      }
    };
  }

  // ---- for this package

  /** Null if everybody may do what the rules of topics allow. */
  @Nullable Permissions permissions() {
    return permissions;
  }

  @Nullable Position inboxStart(String session) {
    return inboxStart.apply(session);
  }

  TopicRules rules() {
    return rules;
  }

  HistoryReads reads() {
    return reads;
  }

  /** Of a topic's messages. */
  Priority priority(String topic) {
    TopicRule rule = TopicName.valid(topic) ? rules.find(new TopicName(topic)) : null;
    return rule == null ? Priority.NORMAL : rule.priority(); // ours have no rule
  }

  /** Most subscriptions of one connection. */
  int maxSubscriptions() {
    return maxSubscriptions;
  }

  LoopTopics of(Loop loop) {
    return loops.computeIfAbsent(loop, key -> new LoopTopics(this, key, maxSubscriptions));
  }

  CompletionStage<Position> publish(String topic, RawJson data, TopicRule rule) {
    list.published();
    try {
      return broker.publish(topic, data, new Broker.Retention(rule.keepLast()));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(new BrokerException("publish failed", e));
    }
  }

  /** See {@link Interest#join}. */
  CompletableFuture<Position> join(String topic, LoopTopics loop) {
    while (true) {
      Interest interest =
          interests.computeIfAbsent(
              topic, name -> list.add(new Interest(name, broker, this::gone)));
      CompletableFuture<Position> joined = interest.join(loop);
      if (joined != null) {
        return joined;
      }
      gone(interest);
    }
  }

  void leave(String topic, LoopTopics loop) {
    Interest interest = interests.get(topic);
    if (interest != null) {
      interest.leave(loop);
    }
  }

  HistoryReads.Read read(String topic, Position since, boolean alone) {
    if (alone) {
      Broker.HistoryQuery query =
          new Broker.HistoryQuery(since, HistoryReads.PAGE_EVENTS, HistoryReads.PAGE_BYTES);
      return new HistoryReads.Read(reads.alone(topic, query), true);
    }
    return reads.shared(topic, since);
  }

  /** Topics that somebody on this node wants. */
  int interests() {
    return interests.size();
  }

  private void gone(Interest interest) {
    interests.computeIfPresent(
        interest.topic(), (name, known) -> known == interest ? list.remove(known) : known);
  }

  /** On the broker's threads, one at a time for each topic. */
  private void published(String topic, String epoch, Publication publication) {
    Interest interest = interests.get(topic);
    if (interest == null) {
      return;
    }
    Position at = new Position(epoch, publication.offset());
    LoopTopics[] wanted = interest.published(at);
    if (wanted.length == 0) {
      return;
    }
    TopicFrame frame = TopicFrame.event(topic, at, publication.data());
    for (LoopTopics loop : wanted) {
      loop.deliver(topic, frame);
    }
    frame.message().release();
  }
}
