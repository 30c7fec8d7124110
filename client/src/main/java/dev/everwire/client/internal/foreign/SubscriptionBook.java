package dev.everwire.client.internal.foreign;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which topics this end wants, how far the service knows it, and who reads them. Says what is to be
 * written; whoever writes it says so. Event loop only; times are nanoseconds of the loop.
 *
 * <p>A topic with readers is <em>due</em> (to be asked for on this connection), <em>asked</em> or
 * <em>on</em>. The first reader makes it due, the loss of a connection makes all due, so what is
 * subscribed while away is asked for once. When the last reader goes, the topic is to be
 * unsubscribed if it was asked for; a reader that comes before that was written finds it as it was.
 */
public final class SubscriptionBook {

  /** One reader of a topic. Must not block. */
  public interface Feed {
    /** The service has confirmed; may be said again. */
    void confirmed();

    /** The topic is there again on another connection; something may be missing before this. */
    void resumed(long epoch);

    void update(RawJson data);

    /** Nothing follows. */
    void end(Ending why);
  }

  /** Is told what went wrong with a topic. */
  public interface Failures {
    void failed(String topic, Fault why);
  }

  /**
   * How a topic is asked for.
   *
   * @param batch most topics that are asked for at once
   * @param confirmed whether the service answers; if not, what was written counts as confirmed
   * @param within how long an answer is waited for
   * @param maxTopics most topics
   */
  public record Rules(int batch, boolean confirmed, Duration within, int maxTopics) {}

  /** So many subscribes may wait for their answer before the next is written. */
  public static final int UNANSWERED = 4;

  private static final class Asked {
    final Set<String> topics; // that are not answered yet
    boolean written; // whole; from then on its answer is waited for
    long until;

    Asked(List<String> names) {
      this.topics = new LinkedHashSet<>(names);
    }
  }

  private final Rules rules;
  private final Failures failures;
  private final Map<String, BookedTopic> topics = new LinkedHashMap<>(); // with readers
  private final Set<String> due = new LinkedHashSet<>();
  private final Map<String, BookedTopic> leaving =
      new LinkedHashMap<>(); // no readers, not yet told
  private final Map<String, Asked> asked = new LinkedHashMap<>(); // by id, oldest first
  private boolean online;
  private long epoch;
  private @Nullable Ending ended;

  public SubscriptionBook(Rules rules, Failures failures) {
    this.rules = rules;
    this.failures = failures;
  }

  // ---- readers

  public void add(String name, Feed feed) {
    if (ended != null) {
      feed.end(ended);
      return;
    }
    BookedTopic topic = topics.get(name);
    if (topic == null && topics.size() >= rules.maxTopics()) {
      feed.end(new Ending.Refused(Fault.of(FaultCode.OVERLOADED, "too many topics")));
      return;
    }
    if (topic == null) {
      topic = leaving.remove(name);
      if (topic == null) {
        topic = new BookedTopic(name);
        due.add(name);
      } else if (topic.asked() && !asked.containsKey(topic.askedBy())) {
        topic.makeDue(); // its answer came or failed to while nobody read it
        due.add(name);
      }
      topics.put(name, topic);
    }
    topic.add(feed);
  }

  /** Does nothing for a reader that is gone already. */
  public void remove(String name, Feed feed) {
    BookedTopic topic = topics.get(name);
    if (topic != null && topic.removeLast(feed)) {
      topics.remove(name);
      due.remove(name);
      if (!topic.due()) {
        leaving.put(name, topic);
      }
    }
  }

  public int size() {
    return topics.size();
  }

  /** Names of all topics with readers. */
  public List<String> names() {
    return List.copyOf(topics.keySet());
  }

  // ---- connections

  /** A connection is ready, the one of this number. */
  public void online(long epoch) {
    this.epoch = epoch;
    online = true;
  }

  /** The connection is gone, and with it all that it was asked for. */
  public void offline() {
    online = false;
    asked.clear();
    leaving.clear();
    due.clear();
    for (BookedTopic topic : topics.values()) {
      topic.makeDue();
      due.add(topic.name);
    }
  }

  /** For good. */
  public void end(Ending why) {
    ended = why;
    List<BookedTopic> all = List.copyOf(topics.values());
    topics.clear();
    offline();
    all.forEach(topic -> topic.end(why));
  }

  // ---- what is to be written

  /** The topics of the next subscribe; empty if there is none now. */
  public List<String> toSubscribe() {
    return online && asked.size() < UNANSWERED ? first(due) : List.of();
  }

  /** The topics of the next unsubscribe; empty if there is none. */
  public List<String> toUnsubscribe() {
    return online ? first(leaving.keySet()) : List.of();
  }

  /**
   * A subscribe for these topics is being written.
   *
   * @param id under which it is answered, perhaps before all of it is written
   */
  public void subscribing(List<String> names, String id) {
    due.removeAll(Set.copyOf(names));
    asked.put(id, new Asked(names));
    for (String name : names) {
      BookedTopic topic = topics.get(name);
      if (topic != null) {
        topic.makeAsked(id);
      }
    }
  }

  /** All of that subscribe was written. */
  public void subscribed(String id, long now) {
    Asked by = asked.get(id);
    if (by == null) {
      return; // answered already
    }
    if (rules.confirmed()) {
      by.written = true;
      by.until = now + rules.within().toNanos();
    } else {
      answered(id, by.topics, Map.of());
    }
  }

  /** That subscribe cannot be written at all. */
  public void unwritable(String id, Fault why) {
    Asked by = asked.get(id);
    if (by != null) {
      Map<String, Fault> refused = new LinkedHashMap<>();
      by.topics.forEach(name -> refused.put(name, why));
      answered(id, Set.of(), refused);
    }
  }

  /** An unsubscribe for these topics is being written. */
  public void unsubscribing(List<String> names) {
    names.forEach(leaving::remove);
  }

  // ---- what the service says

  /** Whether this is the id of a subscribe that waits for its answer. */
  public boolean asked(String id) {
    return asked.containsKey(id);
  }

  /** What a subscribe that waits for its answer asked for. */
  public List<String> askedBy(String id) {
    Asked by = asked.get(id);
    return by == null ? List.of() : List.copyOf(by.topics);
  }

  /** All topics that wait for an answer. */
  public List<String> waiting() {
    return topics.values().stream().filter(BookedTopic::asked).map(topic -> topic.name).toList();
  }

  /** An answer to a subscribe. What it does not name goes on waiting. */
  public void answered(String id, Collection<String> confirmed, Map<String, Fault> refused) {
    Asked by = asked.get(id);
    if (by == null) {
      return;
    }
    for (String name : List.copyOf(by.topics)) {
      if (refused.containsKey(name) || confirmed.contains(name)) {
        settle(name, refused.get(name), id);
      }
    }
  }

  /** Says something about topics that wait, without naming a subscribe. */
  public void told(Collection<String> confirmed, Map<String, Fault> refused) {
    for (String name : waiting()) {
      if (refused.containsKey(name) || confirmed.contains(name)) {
        BookedTopic topic = topics.get(name);
        settle(name, refused.get(name), topic == null ? null : topic.askedBy());
      }
    }
  }

  /** False if nobody reads this topic. An update says that the topic is on. */
  public boolean update(String name, RawJson data) {
    BookedTopic topic = topics.get(name);
    if (topic == null) {
      return false;
    }
    if (topic.asked()) {
      topic.makeOn(epoch); // a refusal that still comes counts all the same
    }
    topic.update(data);
    return true;
  }

  // ---- time

  /**
   * What was not answered in time is reported. A topic that was never on ends there; one that is to
   * be restored is asked for again.
   */
  public void expire(long now) {
    for (Map.Entry<String, Asked> entry : List.copyOf(asked.entrySet())) {
      Asked by = entry.getValue();
      if (by.written && by.until - now <= 0) {
        asked.remove(entry.getKey());
        by.topics.forEach(name -> unanswered(name, entry.getKey()));
      }
    }
  }

  /** Nanoseconds until {@link #expire} has something to do, {@link Long#MAX_VALUE} if nothing. */
  public long untilNext(long now) {
    long next = Long.MAX_VALUE;
    for (Asked by : asked.values()) {
      next = by.written ? Math.min(next, by.until - now) : next;
    }
    return next;
  }

  private void unanswered(String name, String id) {
    BookedTopic topic = find(name);
    if (topic == null || !topic.askedBy(id)) {
      return;
    }
    topic.answered();
    if (!topic.asked() || leaving.containsKey(name)) {
      return;
    }
    Fault why =
        Fault.of(FaultCode.DEADLINE_PASSED, "subscription not confirmed in " + rules.within());
    if (topic.everOn()) {
      topic.makeDue();
      due.add(name);
    } else {
      topics.remove(name);
      leaving.put(name, topic); // perhaps only the answer was lost
      topic.end(new Ending.Refused(why));
    }
    failures.failed(name, why);
  }

  private void settle(String name, @Nullable Fault refused, @Nullable String id) {
    Asked by = id == null ? null : asked.get(id);
    if (by != null) {
      by.topics.remove(name);
      if (by.topics.isEmpty()) {
        asked.remove(id);
      }
    }
    BookedTopic topic = find(name);
    if (topic == null || !topic.askedBy(id)) {
      return; // an answer to a former subscribe
    }
    topic.answered();
    if (refused == null) {
      topic.makeOn(epoch);
      return;
    }
    if (leaving.remove(name) != null) {
      return; // nobody wants it and the service has not got it
    }
    topics.remove(name);
    topic.end(new Ending.Refused(refused));
    failures.failed(name, refused);
  }

  private @Nullable BookedTopic find(String name) {
    BookedTopic topic = topics.get(name);
    return topic == null ? leaving.get(name) : topic;
  }

  private List<String> first(Collection<String> names) {
    return names.stream().limit(rules.batch()).toList();
  }
}
