package dev.everwire.simulation;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every stream: what its producer put, what its reader got, and how it ended for both. */
final class StreamBook {
  private static final int APPLICATION = 8_000;
  private static final long SECOND = 1_000_000_000L;

  /** What a producer does behind its last item. */
  enum Kind {
    ENDS,
    FAILS,
    /** Waits for something that never comes. */
    STUCK,
    /** There is no last item. */
    ENDLESS
  }

  /** One stream. */
  final class Flow {
    final int number = flows.size();
    final Kind kind;
    final int count;
    final long deadline;
    private boolean argument;
    private int handlers;
    private int handedOver;
    private int producers;
    private int producersEnded;
    private int closed;
    private int put;
    private int read;
    private int readers;
    private boolean reading;
    private boolean over;
    private boolean stopped;
    private BooleanSupplier excused = () -> false;

    Flow(Kind kind, int count, long deadline) {
      this.kind = kind;
      this.count = count;
      this.deadline = deadline;
    }

    // ---- producer

    void handler() {
      if (++handlers > 1) {
        wrong.accept(this + " was asked for twice");
      }
    }

    void handedOver() {
      handedOver++;
    }

    void produces() {
      if (++producers > 1) {
        wrong.accept(this + " was produced twice");
      }
    }

    String next() {
      return ++put + ":" + "x".repeat(number * 7 % 13 == 0 ? 3_000 : put % 40);
    }

    FaultException fails() {
      return new FaultException(Fault.of(APPLICATION + number % 100, "no more of " + number));
    }

    void produced() {
      producersEnded++;
    }

    void closed() {
      if (++closed > 1) {
        wrong.accept(this + " was closed twice");
      }
    }

    boolean hasMore() {
      return kind == Kind.ENDLESS || put < count;
    }

    // ---- reader

    /** It is an argument, whose reader is excused when nobody waits for it. */
    void excusedBy(BooleanSupplier excuse) {
      excused = excuse;
      argument = true;
    }

    void stops() {
      stopped = true;
    }

    boolean over() {
      return over;
    }

    int read() {
      return read;
    }

    void begins() {
      if (++readers > 1) {
        wrong.accept(this + " has two readers");
      }
    }

    void waits(boolean on) {
      reading = on;
    }

    void got(String item) {
      int n = Integer.parseInt(item.substring(0, item.indexOf(':')));
      if (n != ++read) {
        wrong.accept(this + " got item " + n);
      }
      if (read > put) {
        wrong.accept(this + " got what was never put");
      }
      if (over) {
        wrong.accept(this + " got an item behind its end");
      }
    }

    void ends(@Nullable Exception why) {
      if (over) {
        wrong.accept(this + " ended twice");
      }
      over = true;
      boolean right =
          switch (why) {
            case null -> stopped || (kind == Kind.ENDS && read == count);
            case ConnectionLostException lost -> lost.maybeExecuted() || handlers == 0;
            case FaultException failure -> truly(failure.fault());
            case InterruptedException stop -> stopped || excused.getAsBoolean();
            default -> false;
          };
      if (!right) {
        wrong.accept(this + " ended with " + why);
      }
    }

    private boolean truly(Fault fault) {
      return switch (fault.code()) {
        case FaultCode.OVERLOADED, FaultCode.DRAINING -> handlers == 0;
        case FaultCode.CANCELLED -> stopped || excused.getAsBoolean();
        case FaultCode.DEADLINE_PASSED ->
            time.now() - deadline >= -2_000_000 || excused.getAsBoolean(); // told in whole ms
        default -> kind == Kind.FAILS && read == count && fault.equals(fails().fault());
      };
    }

    void check() {
      // The handler that reads an argument counts from when the call came to it.
      if (reading && time.now() - deadline > (argument ? 60 * SECOND : SECOND)) {
        wrong.accept(this + " outlives its deadline");
      }
    }

    private boolean ended() {
      return producers == producersEnded && !reading && (readers == 0 || over);
    }

    void checkEnd() {
      if (producers != producersEnded || (handlers > 0 && handedOver != closed)) {
        wrong.accept(this + " left its producer");
      }
      if (reading || readers > 0 && !over) {
        wrong.accept(this + " never ended for its reader");
      }
    }

    @Override
    public String toString() {
      return "stream "
          + number
          + " that "
          + kind
          + " after "
          + count
          + " (handlers "
          + handlers
          + ", producers "
          + producersEnded
          + " of "
          + producers
          + ", closed "
          + closed
          + " of "
          + handedOver
          + ", put "
          + put
          + ", read "
          + read
          + (stopped ? ", stopped)" : ")");
    }
  }

  private final ManualTime time;
  private final Consumer<String> wrong;
  private final List<Flow> flows = new ArrayList<>();

  StreamBook(ManualTime time, Consumer<String> wrong) {
    this.time = time;
    this.wrong = wrong;
  }

  Flow open(Kind kind, int count, long withinNanos) {
    Flow flow = new Flow(kind, count, time.now() + withinNanos);
    flows.add(flow);
    return flow;
  }

  Flow flow(int number) {
    return flows.get(number);
  }

  void check() {
    flows.forEach(Flow::check);
  }

  List<Flow> unended() {
    return flows.stream().filter(flow -> !flow.ended()).toList();
  }

  void checkEnd() {
    flows.forEach(Flow::checkEnd);
  }
}
