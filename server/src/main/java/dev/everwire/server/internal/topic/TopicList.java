package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Position;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The topics that have subscribers on this node, by name, and what was done with them. Safe from
 * any thread.
 */
public final class TopicList {

  /**
   * @param top where the stream is, as far as this node has heard; null if it has not yet
   */
  public record Row(String topic, int subscribers, @Nullable Position top) {}

  /** Takes a page. */
  public interface Page {
    /**
     * @param more whether others follow behind the last row
     */
    void answer(List<Row> rows, boolean more);
  }

  private final TopicHub hub;
  private final ConcurrentNavigableMap<String, Interest> byName = new ConcurrentSkipListMap<>();
  private final LongAdder publications = new LongAdder();
  private final LongAdder subscriptions = new LongAdder();

  TopicList(TopicHub hub) {
    this.hub = hub;
  }

  public int size() {
    return hub.interests();
  }

  /** Of all connections of this node. */
  public long subscriptions() {
    return subscriptions.sum();
  }

  /** Made on this node so far, by peers and by the application. */
  public long publications() {
    return publications.sum();
  }

  /**
   * @param connection null for one that has none
   */
  public int subscriptionsOf(Loop loop, @Nullable Object connection) {
    return connection == null ? 0 : hub.of(loop).subscriptions(connection);
  }

  /**
   * Some topics of one connection, by name. On its loop.
   *
   * @param after null to begin with the first
   */
  public List<String> topicsOf(Loop loop, Object connection, @Nullable String after, int most) {
    return hub.of(loop).topicsOf(connection, after, most);
  }

  /** Answers on {@code home} with the connections that hear a topic, whatever they speak. */
  public void subscribersOf(String topic, Loop home, Consumer<Collection<Connection>> answer) {
    Interest interest = byName.get(topic);
    Collection<Connection> found = new ConcurrentLinkedQueue<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    if (interest != null) {
      for (LoopTopics loop : interest.loops()) {
        questions.put(loop.loop(), () -> found.addAll(loop.connections(topic)));
      }
    }
    LoopSurvey.ask(questions, home, () -> answer.accept(found));
  }

  /**
   * Answers on {@code home} with the topics behind a name, counted on their loops.
   *
   * @param after null to begin with the first
   */
  public void page(@Nullable String after, int limit, Loop home, Page page) {
    var behind = after == null ? byName : byName.tailMap(after, false);
    List<Interest> found = behind.values().stream().limit(limit + 1L).toList();
    boolean more = found.size() > limit;
    List<Interest> shown = more ? found.subList(0, limit) : found;

    Map<LoopTopics, List<String>> asked = new HashMap<>();
    for (Interest interest : shown) {
      for (LoopTopics loop : interest.loops()) {
        asked.computeIfAbsent(loop, key -> new ArrayList<>()).add(interest.topic());
      }
    }
    Map<String, Integer> counts = new ConcurrentHashMap<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    asked.forEach((loop, topics) ->
        questions.put(
            loop.loop(),
            () ->
                topics.forEach(
                    topic -> counts.merge(topic, loop.subscribers(topic), Integer::sum))));
    LoopSurvey.ask(
        questions, home, () -> page.answer(shown.stream().map(i -> row(i, counts)).toList(), more));
  }

  private static Row row(Interest interest, Map<String, Integer> counts) {
    return new Row(interest.topic(), counts.getOrDefault(interest.topic(), 0), interest.top());
  }

  // ---- for this package

  /** Inside the hub's own change, so that both maps hold the same. */
  Interest add(Interest interest) {
    byName.put(interest.topic(), interest);
    return interest;
  }

  /** As {@link #add}. */
  @Nullable Interest remove(Interest interest) {
    byName.remove(interest.topic());
    return null;
  }

  void published() {
    publications.increment();
  }

  void subscribed() {
    subscriptions.increment();
  }

  void unsubscribed() {
    subscriptions.decrement();
  }
}
