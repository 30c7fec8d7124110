package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Unsubscribed;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All topics that have subscribers on one loop. Event loop only, except {@link #deliver}.
 *
 * <p>What waits to be told here is bounded in bytes. A publication that finds no room is not told;
 * its topic is marked and reads what it missed from history when its turn comes.
 */
final class LoopTopics implements LoopTopic.Host {
  static final long MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

  private record Member(Subscriber out, Map<String, Subscription> byTopic) {}

  private final TopicHub hub;
  private final Loop loop;
  private final int maxSubscriptions;
  private final Map<String, LoopTopic> topics = new HashMap<>();
  private final IdentityHashMap<Object, Member> members = new IdentityHashMap<>();

  private final AtomicLong backlog = new AtomicLong(); // bytes on their way to the loop
  private final Map<String, Position> missed = new ConcurrentHashMap<>(); // found no room, up to

  /**
   * @param maxSubscriptions of one connection
   */
  LoopTopics(TopicHub hub, Loop loop, int maxSubscriptions) {
    this.hub = hub;
    this.loop = loop;
    this.maxSubscriptions = maxSubscriptions;
  }

  // ---- publications

  /** Tells the topic's subscribers here. Safe from any thread; in order for one topic. */
  void deliver(String topic, TopicFrame frame) {
    long bytes = frame.bytes();
    if (backlog.addAndGet(bytes) > MAX_BACKLOG_BYTES && bytes < MAX_BACKLOG_BYTES) {
      backlog.addAndGet(-bytes);
      if (missed.put(topic, frame.after()) == null) {
        post(() -> miss(topic));
      }
      return;
    }
    frame.message().retain();
    boolean posted =
        post(() -> {
          backlog.addAndGet(-bytes);
          LoopTopic told = topics.get(topic);
          if (told != null) {
            told.published(frame);
          }
          frame.message().release();
        });
    if (!posted) {
      frame.message().release();
    }
  }

  private void miss(String topic) {
    Position upTo = missed.remove(topic);
    LoopTopic told = topics.get(topic);
    if (upTo != null && told != null) {
      told.missed(upTo);
    }
  }

  private boolean post(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false; // the loop has ended, and its subscribers with it
    }
  }

  // ---- subscribers

  /** Subscribes a connection; a former subscription to the same topic is replaced. */
  void subscribe(
      Object connection,
      Subscriber out,
      String topic,
      @Nullable Position since,
      Subscription.Answer answer) {
    Member member = members.computeIfAbsent(connection, key -> new Member(out, new HashMap<>()));
    Subscription former = member.byTopic().get(topic);
    if (former == null && member.byTopic().size() >= maxSubscriptions) {
      answer.refused(TopicFaults.tooManySubscriptions());
      return;
    }
    LoopTopic known = topics.get(topic);
    LoopTopic wanted = known == null ? new LoopTopic(topic, hub.priority(topic), this) : known;
    topics.put(topic, wanted);
    Subscription subscription = new Subscription(connection, out, wanted, since, answer);
    if (former == null) {
      hub.list().subscribed();
    } else {
      former.end(TopicFaults.replaced());
      wanted.remove(former);
    }
    member.byTopic().put(topic, subscription);
    wanted.add(subscription);
    if (known == null) {
      join(wanted);
    }
  }

  void unsubscribe(Object connection, String topic) {
    Member member = members.get(connection);
    Subscription subscription = member == null ? null : member.byTopic().get(topic);
    if (subscription != null) {
      end(subscription, TopicFaults.unsubscribed());
    }
  }

  /**
   * A connection may not hear a topic any more, and is told so. False if it does not.
   *
   * @param why what it is told, or is answered if it still waits for the answer
   */
  boolean takeBack(Connection connection, String topic, Fault why) {
    Member member = members.get(connection);
    Subscription subscription = member == null ? null : member.byTopic().get(topic);
    if (subscription == null) {
      return false;
    }
    boolean told = subscription.answered();
    end(subscription, why);
    if (told && connection.form().dialect() == Dialect.JSON_RPC) {
      connection.send(
          new Message.Notification(
              Names.UNSUBSCRIBED, new Unsubscribed(topic, why.code(), why.message()).write()));
    }
    return true;
  }

  /** A connection is gone, and all its subscriptions with it. */
  void closed(Object connection) {
    Member member = members.get(connection);
    if (member != null) {
      List.copyOf(member.byTopic().values())
          .forEach(subscription -> end(subscription, TopicFaults.unsubscribed()));
    }
  }

  /** A connection has room again for those of its subscriptions that fell behind. */
  void relieved(Object connection) {
    Member member = members.get(connection);
    if (member != null) {
      List.copyOf(member.byTopic().values()).forEach(Subscription::relieved);
    }
  }

  @Override
  public void later(Runnable task) {
    var unused = post(task);
  }

  @Override
  public void end(Subscription subscription, Fault fault) {
    if (subscription.ended()) {
      return;
    }
    LoopTopic topic = subscription.topic();
    Member member = members.get(subscription.owner());
    if (member != null && member.byTopic().remove(topic.name(), subscription)) {
      hub.list().unsubscribed();
      if (member.byTopic().isEmpty()) {
        members.remove(subscription.owner());
      }
    }
    subscription.end(fault);
    topic.remove(subscription);
    if (topic.empty() && topics.remove(topic.name(), topic)) {
      topic.close();
      hub.leave(topic.name(), this);
    }
  }

  // ---- asking the broker

  private void join(LoopTopic topic) {
    BrokerWait.on(
        loop,
        hub.join(topic.name(), this),
        position -> {
          if (!topic.joining()) {
            return;
          }
          if (position == null) {
            topic.fail(TopicFaults.unavailable());
          } else {
            topic.joined(position);
          }
        });
  }

  @Override
  public void read(LoopTopic topic, Position since, boolean alone, LoopTopic.ReadAnswer answer) {
    HistoryReads.Read read = hub.read(topic.name(), since, alone);
    BrokerWait.on(
        loop,
        read.answer(),
        history -> {
          if (!topic.closed()) {
            answer.answer(history, read.fresh());
          }
        });
  }

  // ---- what is there

  /** Safe from any thread. */
  Loop loop() {
    return loop;
  }

  int subscribers(String topic) {
    LoopTopic known = topics.get(topic);
    return known == null ? 0 : known.size();
  }

  List<String> topicsOf(Object connection) {
    Member member = members.get(connection);
    return member == null ? List.of() : List.copyOf(member.byTopic().keySet());
  }

  int subscriptions(Object connection) {
    Member member = members.get(connection);
    return member == null ? 0 : member.byTopic().size();
  }

  /** Behind a name, in order. */
  List<String> topicsOf(Object connection, @Nullable String after, int most) {
    Member member = members.get(connection);
    if (member == null) {
      return List.of();
    }
    TreeSet<String> first = new TreeSet<>(); // never more than most and one
    for (String topic : member.byTopic().keySet()) {
      if (after == null || topic.compareTo(after) > 0) {
        first.add(topic);
        if (first.size() > most) {
          first.removeLast();
        }
      }
    }
    return List.copyOf(first);
  }

  /** Those that hear a topic. */
  List<Connection> connections(String topic) {
    List<Connection> found = new ArrayList<>();
    members.forEach((owner, member) -> {
      if (owner instanceof Connection connection && member.byTopic().containsKey(topic)) {
        found.add(connection);
      }
    });
    return found;
  }

  boolean subscribes(Object connection, String topic) {
    Member member = members.get(connection);
    return member != null && member.byTopic().containsKey(topic);
  }

  int topics() {
    return topics.size();
  }

  int members() {
    return members.size();
  }
}
