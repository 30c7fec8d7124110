package dev.everwire.client.internal.topic;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes up topics again on a new connection, so many at a time: the next when each of the former
 * was answered, whatever the answer. So a server that comes back is not met by thousands of
 * requests at once. Single-threaded.
 *
 * <p>They leave one by one and not in an array, which a server refuses for them: their events may
 * follow only behind their answer.
 */
public final class Restoring {
  private final int batch;
  private final ArrayDeque<TopicFeed> waiting = new ArrayDeque<>();
  private final Set<TopicFeed> asked = new HashSet<>(); // and not answered yet
  private boolean asking; // an answer that comes while we ask waits

  /**
   * @param batch topics that are asked for at once
   */
  public Restoring(int batch) {
    this.batch = batch;
  }

  /** There is a new connection. */
  public void begin(Collection<TopicFeed> feeds) {
    stop();
    waiting.addAll(feeds);
    askOn();
  }

  /** One more, which waits its turn. */
  public void add(TopicFeed feed) {
    waiting.add(feed);
    askOn();
  }

  /** Subscribing to it was answered or given up. */
  public void answered(TopicFeed feed) {
    if (asked.remove(feed)) {
      askOn();
    }
  }

  /** The connection is gone. */
  public void stop() {
    waiting.clear();
    asked.clear();
  }

  private void askOn() {
    if (asking) {
      return;
    }
    asking = true;
    try {
      while (asked.isEmpty() && !waiting.isEmpty()) {
        askForBatch();
      }
    } finally {
      asking = false;
    }
  }

  private void askForBatch() {
    int count = 0;
    while (count < batch && !waiting.isEmpty()) {
      TopicFeed feed = waiting.remove();
      if (feed.unread()) {
        continue; // nobody wants it any more
      }
      boolean first = asked.add(feed); // before, because the answer may come at once
      if (feed.online()) {
        count++;
      } else if (first) {
        asked.remove(feed); // a new reader was faster
      }
    }
  }
}
