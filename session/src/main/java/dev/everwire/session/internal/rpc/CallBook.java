package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the calls of one session, whichever connection they came on: those that run, and
 * the answers that the caller has not acknowledged. So a caller that lost its connection learns of
 * each call what happened, and none is executed twice. Event loop only.
 *
 * <p>The numbers of calls grow. With 1 to 5 received, 2 and 5 answered, 3 and 4 running and 1
 * acknowledged: 2 and 5 are done, 3 and 4 running, 6 is new, and of 1 nothing is known any more.
 *
 * <p>Bounded: unacknowledged answers beyond {@link #MOST_BYTES} are forgotten, the oldest first.
 */
public final class CallBook {
  /** Of answers that wait to be acknowledged; the newest is always kept. */
  public static final long MOST_BYTES = 1024 * 1024;

  private static final int MOST_DIGITS = 15; // far below 2^53
  private static final int OVERHEAD = 100; // bytes that an answer costs beyond its text, about

  /** What is known of a call. */
  public sealed interface Fate {
    /** Never received. */
    record New() implements Fate {}

    /** Runs or waits for its turn. */
    record Running(InboundCall call) implements Fate {}

    /** Answered. */
    record Done(Message.Response response) implements Fate {}

    /** Received once, and forgotten since. */
    record Unknown() implements Fate {}
  }

  private static final Fate NEW = new Fate.New();
  private static final Fate UNKNOWN = new Fate.Unknown();

  private Map<Long, Fate> known = Map.of(); // until something is
  private @Nullable ArrayDeque<Long> finished; // some may be acknowledged already
  private Set<Long> promised = Set.of(); // not received, though greater ones may have been
  private long highest;
  private long told; // acknowledged up to here at least
  private int running;
  private int done;
  private long bytes;

  /** The number of a call that can be in a book, 0 for any other id. */
  public static long number(@Nullable RequestId id) {
    String text = id == null ? "" : id.literal();
    if (text.isEmpty() || text.length() > MOST_DIGITS) {
      return 0;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || (i == 0 && digit == 0)) {
        return 0;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** What is known of a call of this number. */
  public Fate fate(long number) {
    Fate fate = known.get(number);
    if (fate != null) {
      return fate;
    }
    return number > highest || promised.contains(number) ? NEW : UNKNOWN;
  }

  /**
   * These were said to be new, so they still are when greater ones have been received. Takes the
   * place of what was promised before.
   */
  public void promise(Collection<Long> numbers) {
    promised = numbers.isEmpty() ? Set.of() : new HashSet<>(numbers);
  }

  private void came(long number) {
    highest = Math.max(highest, number);
    if (!promised.isEmpty()) {
      promised.remove(number);
    }
  }

  /** A call that is new has been received; how it ends will be told. */
  public void received(long number, InboundCall call) {
    came(number);
    if (known.isEmpty()) {
      known = new HashMap<>();
    }
    if (known.put(number, new Fate.Running(call)) instanceof Fate.Running) {
      throw new IllegalStateException("call " + number + " runs already");
    }
    running++;
  }

  /** A call has been received of which nothing is to be kept. */
  public void passed(long number) {
    came(number);
  }

  /** A call that ran has its answer. */
  public void answered(long number, Message.Response response) {
    if (!(known.get(number) instanceof Fate.Running)) {
      return;
    }
    known.put(number, new Fate.Done(response));
    running--;
    done++;
    ArrayDeque<Long> order = finished == null ? new ArrayDeque<>() : finished;
    finished = order;
    order.add(number);
    bytes += size(response);
    while (bytes > MOST_BYTES && done > 1) {
      forgetDone(order.remove());
    }
    if (order.size() > 2 * done + 16) {
      order.removeIf(old -> !(known.get(old) instanceof Fate.Done));
    }
  }

  /** The answers of these calls have arrived. What is not known or still runs is passed over. */
  public void acknowledged(long upTo, Iterable<Long> also) {
    if (upTo > told && done > 0) {
      told = upTo;
      if (upTo >= highest && running == 0) {
        known = Map.of();
        finished = null;
        done = 0;
        bytes = 0;
      } else if (finished != null) {
        for (int i = finished.size(); i > 0; i--) {
          Long number = finished.remove();
          if (number <= upTo) {
            forgetDone(number);
          } else {
            finished.add(number);
          }
        }
      }
    }
    also.forEach(this::forgetDone);
  }

  private void forgetDone(Long number) {
    if (known.get(number) instanceof Fate.Done(Message.Response response)) {
      known.remove(number);
      done--;
      bytes -= size(response);
    }
  }

  private static long size(Message.Response response) {
    return OVERHEAD
        + switch (response) {
          case Message.Success(var id, var result) -> result.length();
          case Message.Failure(var id, var fault) ->
              (long) fault.message().length() + (fault.data() == null ? 0 : fault.data().length());
        };
  }

  /** The session is over. */
  public void clear() {
    known = Map.of();
    finished = null;
    promised = Set.of();
    running = 0;
    done = 0;
    bytes = 0;
  }

  /** Calls that run or wait. */
  public int running() {
    return running;
  }

  /** Bytes of the answers that are kept, about. */
  public long bytes() {
    return bytes;
  }

  /** The call of this number, if it runs or waits. */
  public @Nullable InboundCall find(long number) {
    return known.get(number) instanceof Fate.Running(InboundCall call) ? call : null;
  }
}
