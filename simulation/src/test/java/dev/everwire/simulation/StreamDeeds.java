package dev.everwire.simulation;

import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Execution;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.stream.PulledItems;
import dev.everwire.session.stream.ItemStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Streams of both kinds: {@code pull} answers one, {@code push} takes one. Producers end, fail, get
 * stuck or go on for ever; readers are slow, begin late, stop early, are closed by another thread
 * or interrupted.
 */
final class StreamDeeds {
  private static final Duration NEVER = Duration.ofDays(100);

  private final StreamBook streams;
  private final Deeds deeds;
  private final Fibers fibers;
  private final SplittableRandom random;

  StreamDeeds(StreamBook streams, Deeds deeds, Fibers fibers, SplittableRandom random) {
    this.streams = streams;
    this.deeds = deeds;
    this.fibers = fibers;
    this.random = random;
  }

  void serve(Deeds.Methods methods) {
    methods.method("pull", this::pull, Execution.CONCURRENT);
    methods.method("push", this::push, Execution.CONCURRENT);
  }

  // ---- a result

  /** Reads a stream of the peer's on a thread of its own. */
  void read(Peer peer, Duration within) {
    boolean endless = random.nextInt(3) == 0;
    StreamBook.Flow flow = flow(endless ? NEVER : within);
    List<Object> params = List.of(flow.number, pause(10), pause(6));
    CallOptions options = endless ? CallOptions.withoutDeadline() : CallOptions.within(within);
    int window = 1 + random.nextInt(1 << random.nextInt(8));
    Duration patience = Duration.ofMillis(random.nextInt(8_000));
    fibers.execute(() -> {
      ItemStream<?> items;
      try {
        items = peer.stream("pull", params, String.class, options.window(window));
      } catch (ConnectionLostException e) {
        flow.ends(e);
        return;
      }
      Thread reader = Thread.currentThread();
      boolean interrupts = random.nextBoolean();
      fibers.execute(() -> lose(patience, flow, interrupts ? reader::interrupt : items::close));
      consume(items, flow);
    });
  }

  private void lose(Duration patience, StreamBook.Flow flow, Runnable end) {
    fibers.sleepDeaf(patience);
    if (!flow.over()) {
      flow.stops();
      end.run();
    }
  }

  /** Serves a stream, perhaps after a while. */
  private ItemStream<String> pull(Call call) throws InterruptedException {
    StreamBook.Flow flow = streams.flow(call.params().get(0, "stream", int.class));
    flow.handler();
    if (random.nextInt(8) == 0) {
      fibers.sleepDeaf(millis(call, 1));
    } else {
      fibers.sleep(millis(call, 1));
    }
    return items(flow, millis(call, 2));
  }

  // ---- an argument

  /** Calls with a stream among the parameters. */
  CallBook.Entry send(Peer peer, Duration within) {
    StreamBook.Flow flow = flow(within);
    ItemStream<String> items = items(flow, Duration.ofMillis(pause(6)));
    CallBook.Entry entry = deeds.call(peer, "push", within, items, flow.number, pause(8));
    flow.excusedBy(entry::over);
    return entry;
  }

  private Object push(Call call) throws InterruptedException {
    CallBook.Entry entry = deeds.begun(call);
    StreamBook.Flow flow = streams.flow(call.params().get(2, "stream", int.class));
    flow.handler();
    flow.excusedBy(() -> entry.over() || call.caller().cancelled());
    if (random.nextInt(8) == 0) {
      return entry.returns("[\"unread\"," + entry.number + "]");
    }
    if (random.nextInt(4) == 0) {
      fibers.sleepDeaf(millis(call, 3));
    } else {
      fibers.sleep(millis(call, 3));
    }
    consume(call.params().stream(1, "items", String.class), flow);
    return entry.returns("[" + entry.number + "," + flow.read() + "]");
  }

  // ---- both

  private StreamBook.Flow flow(Duration within) {
    StreamBook.Kind[] kinds = StreamBook.Kind.values();
    StreamBook.Kind kind = random.nextBoolean() ? StreamBook.Kind.ENDS : kinds[random.nextInt(4)];
    int count = random.nextInt(3) == 0 ? 0 : random.nextInt(1 << random.nextInt(9));
    if (kind == StreamBook.Kind.STUCK) {
      kind = StreamBook.Kind.ENDLESS;
    }
    return streams.open(kind, count, within.toNanos());
  }

  private ItemStream<String> items(StreamBook.Flow flow, Duration pace) {
    if (random.nextBoolean()) {
      return ItemStream.produce(sink -> {
        flow.produces();
        try {
          while (flow.hasMore()) {
            between(flow, pace);
            sink.put(flow.next());
          }
          atTheEnd(flow);
        } finally {
          flow.produced();
        }
      });
    }
    flow.handedOver();
    return ItemStream.of(new Pulled(flow, pace), flow::closed);
  }

  private void between(StreamBook.Flow flow, Duration pace) throws InterruptedException {
    if (flow.kind == StreamBook.Kind.ENDLESS || !pace.isZero()) {
      fibers.sleep(pace.plusMillis(1));
    }
  }

  private void atTheEnd(StreamBook.Flow flow) throws InterruptedException {
    if (flow.kind == StreamBook.Kind.FAILS) {
      throw flow.fails();
    }
    if (flow.kind == StreamBook.Kind.STUCK) {
      fibers.pause(() -> false);
    }
  }

  private final class Pulled implements Iterator<String> {
    private final StreamBook.Flow flow;
    private final Duration pace;

    Pulled(StreamBook.Flow flow, Duration pace) {
      this.flow = flow;
      this.pace = pace;
    }

    @Override
    public boolean hasNext() {
      try {
        if (flow.hasMore()) {
          between(flow, pace);
          return true;
        }
        atTheEnd(flow);
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String next() {
      return flow.next();
    }
  }

  private void consume(ItemStream<?> items, StreamBook.Flow flow) {
    flow.begins();
    int most = random.nextInt(3) == 0 ? random.nextInt(40) : Integer.MAX_VALUE;
    Duration pace = Duration.ofMillis(pause(6));
    try (items) {
      fibers.sleep(Duration.ofMillis(pause(11)));
      Iterator<?> each = items.iterator();
      while (flow.read() < most) {
        if (!goesOn(items, each, flow)) {
          flow.ends(null);
          return;
        }
        flow.got((String) each.next());
        if (!pace.isZero()) {
          fibers.sleep(pace);
        }
      }
      flow.stops();
      flow.ends(null);
    } catch (RuntimeException | InterruptedException e) {
      flow.ends(e);
    }
  }

  private boolean goesOn(ItemStream<?> items, Iterator<?> each, StreamBook.Flow flow)
      throws InterruptedException {
    flow.waits(true);
    try {
      // Mostly it waits in virtual time: the engine's own wait takes a moment of ours.
      if (random.nextInt(16) > 0 && items instanceof PulledItems<?> pulled && !pulled.ready()) {
        fibers.pause(pulled::ready);
      }
      return each.hasNext();
    } finally {
      flow.waits(false);
    }
  }

  /** 0 in many cases, up to 2^bits milliseconds in others. */
  private int pause(int bits) {
    return random.nextInt(1 << random.nextInt(bits + 1));
  }

  private static Duration millis(Call call, int index) {
    return Duration.ofMillis(call.params().get(index, "millis", int.class));
  }
}
