package dev.everwire.simulation;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Batch;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Execution;
import dev.everwire.session.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Calls that tell their progress, and calls that leave in one array. */
final class Chatter {
  private final CallBook book;
  private final Deeds deeds;
  private final Fibers fibers;
  private final SplittableRandom random;

  Chatter(CallBook book, Deeds deeds, Fibers fibers, SplittableRandom random) {
    this.book = book;
    this.deeds = deeds;
    this.fibers = fibers;
    this.random = random;
  }

  void serve(Deeds.Methods methods) {
    methods.method("steps", this::steps, Execution.CONCURRENT);
  }

  /** What a listener has heard of one call. */
  private final class Listener {
    private final CallBook.Entry entry;
    private final int pace;
    private int last;
    private boolean busy;

    Listener(CallBook.Entry entry, int pace) {
      this.entry = entry;
      this.pace = pace;
    }

    void hears(int step) {
      if (busy || step <= last || entry.over()) {
        book.wrong(entry + " told step " + step + " behind " + last + (busy ? ", at once" : ""));
      }
      last = step;
      busy = true;
      fibers.sleepDeaf(Duration.ofMillis(pace));
      busy = false;
    }
  }

  CallBook.Entry steps(Peer peer, Duration within) {
    CallBook.Entry entry = book.open("steps", within);
    Listener listener = new Listener(entry, 0);
    CallOptions options =
        CallOptions.within(within).onProgress(Integer.class, step -> listener.hears(step));
    List<Object> params = List.of(entry.number, random.nextInt(200), random.nextInt(40));
    try {
      entry.made(peer.callAsync("steps", params, RawJson.class, options));
    } catch (ConnectionLostException e) {
      entry.made(CompletableFuture.failedFuture(e));
    }
    return entry;
  }

  private RawJson steps(Call call) throws InterruptedException {
    CallBook.Entry entry = deeds.begun(call);
    int pause = call.params().get(1, "millis", int.class);
    int steps = call.params().get(2, "steps", int.class);
    for (int step = 1; step <= steps; step++) {
      call.caller().progress(step);
      if (step % 3 == 0) {
        fibers.sleep(Duration.ofMillis(pause));
      }
    }
    return entry.returns("[\"steps\"," + entry.number + "]");
  }

  /** Some calls in one array; one or the other is cancelled before it leaves. */
  List<CallBook.Entry> batch(Peer peer, Duration within) {
    Batch batch = peer.batch();
    List<CallBook.Entry> entries = new ArrayList<>();
    int members = 1 + random.nextInt(8);
    for (int i = 0; i < members; i++) {
      if (random.nextInt(4) == 0) {
        var unused = batch.notify("any", List.of(i));
        continue;
      }
      String method = random.nextInt(4) == 0 ? "refuse" : "slow";
      CallBook.Entry entry = book.open(method, within);
      List<Object> params = List.of(entry.number, random.nextInt(500));
      entry.made(batch.call(method, params, RawJson.class, CallOptions.within(within)));
      entries.add(entry);
      if (random.nextInt(8) == 0) {
        entry.cancelUnsent();
      }
    }
    batch.send();
    return entries;
  }
}
