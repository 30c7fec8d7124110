package dev.everwire.spi;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one stream per topic and tells every interested node of each publication. Safe from any
 * thread.
 *
 * <p>An implementation MUST
 *
 * <ul>
 *   <li>give publications of a topic offsets that grow by one within an epoch, the first being 1;
 *   <li>start a new epoch whenever it can no longer answer for the offsets it gave out (a restart
 *       without a durable store, a stream dropped to save memory), never reuse one;
 *   <li>tell the listener of each publication of a subscribed topic in the order of its offsets,
 *       one at a time per topic, and never while holding a lock;
 *   <li>after the stage of {@link #subscribe} completed, tell of every publication behind the
 *       position it completed with; telling of earlier ones too is allowed;
 *   <li>answer {@link #history} with a run without holes, or say why it cannot;
 *   <li>complete stages exceptionally, with {@link BrokerException}, when it cannot reach its
 *       store.
 * </ul>
 *
 * <p>Topic names are well-formed ({@link dev.everwire.protocol.TopicName}).
 */
public interface Broker extends AutoCloseable {

  /** Says who hears of publications on this node. Called once, before anything else. */
  void start(Listener listener);

  /**
   * Appends to the topic's stream.
   *
   * @return the publication's own position
   */
  CompletionStage<Position> publish(String topic, RawJson data, Retention retention);

  /**
   * Begins to tell this node's listener of a topic; repeated calls are allowed and count once.
   *
   * @return the position of the last publication at that moment, offset 0 before the first
   */
  CompletionStage<Position> subscribe(String topic);

  /** Stops telling. Publications already on their way may still arrive. */
  void unsubscribe(String topic);

  /** Reads the stream; see {@link HistoryQuery}. */
  CompletionStage<History> history(String topic, HistoryQuery query);

  /**
   * Nobody will publish to the topic or read it again: an implementation that keeps it for ever
   * otherwise SHOULD drop it, without waiting. Nothing unless said.
   */
  default void remove(String topic) {}

  @Override
  void close();

  /** Hears of publications. Called on the broker's threads; must be quick and must not block. */
  interface Listener {
    void published(String topic, String epoch, Publication publication);
  }

  /**
   * How much of a topic's stream is kept.
   *
   * @param keepLast newest publications kept, 0 or more
   */
  record Retention(int keepLast) {
    public static final Retention NONE = new Retention(0);

    public Retention {
      if (keepLast < 0) {
        throw new IllegalArgumentException("keepLast: " + keepLast + " (expected: >= 0)");
      }
    }
  }

  /**
   * Asks for publications behind a position, oldest first.
   *
   * @param since null for all that is kept
   * @param limit most publications answered, at least 1
   * @param maxBytes most bytes of data answered; one publication is always answered
   */
  record HistoryQuery(@Nullable Position since, int limit, long maxBytes) {
    public HistoryQuery {
      if (limit < 1) {
        throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
      }
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
      }
    }
  }
}
