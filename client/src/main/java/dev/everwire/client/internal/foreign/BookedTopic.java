package dev.everwire.client.internal.foreign;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One topic of a {@link SubscriptionBook}: who reads it, and how far the service knows of it. */
final class BookedTopic {

  private enum State {
    /** To be asked for on this connection. */
    DUE,
    ASKED,
    ON
  }

  private static final class Reader {
    final SubscriptionBook.Feed feed;
    boolean confirmed; // at least once

    Reader(SubscriptionBook.Feed feed) {
      this.feed = feed;
    }
  }

  final String name;
  private final List<Reader> readers = new ArrayList<>();
  private State state = State.DUE;
  private boolean everOn;
  private boolean interrupted; // was on, and its readers are not told yet that it is so again
  private @Nullable String askedBy; // id of the subscribe whose answer counts

  BookedTopic(String name) {
    this.name = name;
  }

  // ---- readers

  void add(SubscriptionBook.Feed feed) {
    Reader reader = new Reader(feed);
    readers.add(reader);
    if (state == State.ON) {
      reader.confirmed = true;
      feed.confirmed();
    }
  }

  /** Whether nobody reads it any more, by this. */
  boolean removeLast(SubscriptionBook.Feed feed) {
    return readers.removeIf(reader -> reader.feed.equals(feed)) && readers.isEmpty();
  }

  void update(RawJson data) {
    for (Reader reader : List.copyOf(readers)) {
      reader.feed.update(data);
    }
  }

  void end(Ending why) {
    List<Reader> all = List.copyOf(readers);
    readers.clear();
    all.forEach(reader -> reader.feed.end(why));
  }

  // ---- what the service knows

  boolean due() {
    return state == State.DUE;
  }

  boolean asked() {
    return state == State.ASKED;
  }

  boolean everOn() {
    return everOn;
  }

  /** Whether the answer to this subscribe counts. */
  boolean askedBy(@Nullable String id) {
    return id != null && id.equals(askedBy);
  }

  /** Of the subscribe whose answer counts, or null. */
  @Nullable String askedBy() {
    return askedBy;
  }

  /** Has to be asked for, again if it was before. */
  void makeDue() {
    interrupted |= state == State.ON;
    state = State.DUE;
    askedBy = null;
  }

  void makeAsked(String id) {
    state = State.ASKED;
    askedBy = id;
  }

  /** The answer that counted has come, whatever it says. */
  void answered() {
    askedBy = null;
  }

  /**
   * The service brings it.
   *
   * @param epoch of the connection
   */
  void makeOn(long epoch) {
    boolean resumed = interrupted;
    state = State.ON;
    everOn = true;
    interrupted = false;
    for (Reader reader : List.copyOf(readers)) {
      if (resumed && reader.confirmed) {
        reader.feed.resumed(epoch);
      }
      reader.confirmed = true;
      reader.feed.confirmed();
    }
  }
}
