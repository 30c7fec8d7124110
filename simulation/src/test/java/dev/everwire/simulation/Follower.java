package dev.everwire.simulation;

import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one subscription and holds every event against what was really published. */
final class Follower {
  private final Client client;
  private final String topic;
  private final Subscription<RawJson> subscription;
  private final TrueStreams truth;
  private @Nullable Position last;
  private int gaps;

  Follower(Client client, String topic, TrueStreams truth) {
    this.client = client;
    this.topic = topic;
    this.truth = truth;
    this.subscription = client.subscribe(topic, RawJson.class);
  }

  boolean follows(Client candidate) {
    return client.equals(candidate);
  }

  int gaps() {
    return gaps;
  }

  void close() {
    subscription.close();
  }

  /** Takes what is there. */
  void read() {
    if (last == null) {
      last = subscription.position().orElse(null); // where it began: the first event is held to it
    }
    for (Optional<Event<RawJson>> event = subscription.poll();
        event.isPresent();
        event = subscription.poll()) {
      switch (event.get()) {
        case Event.Item<RawJson>(RawJson data, Position position) -> item(data, position);
        case Event.Gap<RawJson>(String reason, Position from, Position to) -> gap(reason, from, to);
      }
    }
  }

  private void item(RawJson data, Position position) {
    if (last != null
        && (!position.epoch().equals(last.epoch()) || position.offset() != last.offset() + 1)) {
      throw new AssertionError(topic + ": " + position + " came right after " + last);
    }
    if (!data.equals(truth.at(topic, position))) {
      throw new AssertionError(topic + ": " + position + " brought " + data);
    }
    last = position;
  }

  private void gap(String reason, Position from, Position to) {
    gaps++;
    if (last != null && !from.equals(last)) {
      throw new AssertionError(topic + ": a gap from " + from + " came right after " + last);
    }
    if (from.epoch().equals(to.epoch()) && to.offset() <= from.offset()) {
      throw new AssertionError(topic + ": nothing is missing between " + from + " and " + to);
    }
    if (reason.isEmpty()) {
      throw new AssertionError(topic + ": a gap without a reason");
    }
    last = to;
  }

  /** Whether it has come as far as there is anything to read. */
  boolean caughtUp() {
    Position top = truth.top(topic);
    Position here = last != null ? last : subscription.position().orElse(null);
    return top == null || top.equals(here);
  }

  @Override
  public String toString() {
    return topic + " at " + last + " of " + truth.top(topic);
  }
}
