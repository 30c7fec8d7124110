package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.client.internal.calls.Item.Stage;
import dev.everwire.client.link.WhileAway;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives up what waits in a {@link CallQueue}: ends its calls, and says how many messages it was.
 * Event loop only.
 */
final class Discard {
  private final WhileAway away;
  private final Waiting waiting;
  private final BiConsumer<Call, CallOutcome> finish;
  private final CallQueue.Watcher watcher;
  private long goneAt; // while there is no connection

  Discard(
      WhileAway away,
      Waiting waiting,
      BiConsumer<Call, CallOutcome> finish,
      CallQueue.Watcher watcher,
      long now) {
    this.away = away;
    this.waiting = waiting;
    this.finish = finish;
    this.watcher = watcher;
    this.goneAt = now;
  }

  /** The connection is gone: what does not want to wait for another ends. */
  void offline(long now) {
    goneAt = now;
    if (away.queues()) {
      waiting.all().forEach(this::failingFast);
    } else {
      all(Ends.NOT_CONNECTED, "there is no connection");
    }
  }

  void failingFast(Item item) {
    for (Call call : item.callsInIt()) {
      if (call.asked.options().failsFast()) {
        one(call, Ends.NOT_CONNECTED);
      }
    }
  }

  void all(CallOutcome outcome, String why) {
    int messages = 0;
    for (Item item : waiting.all()) {
      messages += drop(item, outcome);
    }
    tell(messages, why);
  }

  /** Makes room for newer messages, as long as more is wanted and there is an older one. */
  void oldest(Supplier<@Nullable Item> next, BooleanSupplier more) {
    int messages = 0;
    while (more.getAsBoolean()) {
      Item oldest = next.get();
      if (oldest == null) {
        break;
      }
      messages += drop(oldest, Ends.GAVE_WAY);
    }
    tell(messages, "newer messages wanted the room");
  }

  /** Gives up what has waited too long for a connection. */
  void old(long now) {
    String why = "no connection within " + away.age();
    int messages = 0;
    for (Item oldest = waiting.oldest();
        oldest != null && untilTooOld(oldest, now) <= 0;
        oldest = waiting.oldest()) {
      messages += drop(oldest, new CallOutcome.Lost(false, why));
    }
    tell(messages, why);
  }

  /** An age counts from when it began to wait for a connection. */
  long untilTooOld(Item item, long now) {
    long from = item.since - goneAt > 0 ? item.since : goneAt;
    return from + away.age().toNanos() - now;
  }

  /** One call will not be sent, though others of its batch may be. */
  void one(Call call, CallOutcome outcome) {
    if (call.stage == Stage.WAITING) {
      waiting.withdraw(call);
      finish.accept(call, outcome);
    }
  }

  void tell(int messages, String why) {
    if (messages > 0) {
      watcher.dropped(messages, why);
    }
  }

  /** Answers how many messages it was. */
  private int drop(Item item, CallOutcome outcome) {
    int messages = item.messages();
    if (!waiting.remove(item)) {
      return 0;
    }
    item.callsInIt().forEach(call -> finish.accept(call, outcome));
    return messages;
  }
}
