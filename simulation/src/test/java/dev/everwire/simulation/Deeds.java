package dev.everwire.simulation;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Execution;
import dev.everwire.session.Handler;
import dev.everwire.session.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The methods that both ends serve, and how they are called. The first parameter of each is the
 * number of the call in the {@link CallBook}, so that handler and caller speak of the same one.
 */
final class Deeds {
  private final CallBook book;
  private final Notes notes;
  private final Notes turns;
  private final Fibers fibers;

  /**
   * @param strict nobody calls back, so that nothing excuses one who comes before its turn
   */
  Deeds(CallBook book, Fibers fibers, boolean strict) {
    this.book = book;
    this.notes = new Notes(strict, true, book::wrong);
    this.turns = new Notes(strict, strict, book::wrong);
    this.fibers = fibers;
  }

  /** Takes a method of either end. */
  interface Methods {
    void method(String name, Handler handler, Execution execution);
  }

  void serve(Methods methods) {
    methods.method("echo", this::echo, Execution.CONCURRENT);
    methods.method("slow", this::slow, Execution.CONCURRENT);
    methods.method("deaf", this::deaf, Execution.CONCURRENT);
    methods.method("nest", this::nest, Execution.CONCURRENT);
    methods.method("refuse", this::refuse, Execution.CONCURRENT);
    methods.method("broken", this::broken, Execution.CONCURRENT);
    methods.method("note", this::note, Execution.CONCURRENT);
    methods.method("now", this::now, Execution.NON_BLOCKING);
    methods.method("turn", this::turn, Execution.IN_ORDER);
    methods.method("nestInTurn", this::nest, Execution.IN_ORDER);
  }

  // ---- callers

  CallBook.Entry call(Peer peer, String method, Duration within, Object... more) {
    CallBook.Entry entry = book.open(method, within);
    List<Object> params = new ArrayList<>(List.of(entry.number));
    params.addAll(List.of(more));
    try {
      entry.made(peer.callAsync(method, params, RawJson.class, CallOptions.within(within)));
    } catch (ConnectionLostException e) {
      entry.made(CompletableFuture.failedFuture(e));
    }
    return entry;
  }

  /** An echo that has to come behind all that the sender has told. */
  CallBook.Entry echo(Peer peer, String sender, Duration within) {
    return call(peer, "echo", within, sender, notes.last(sender));
  }

  /** A call that is served in turn with others of its sender's. */
  CallBook.Entry turn(Peer peer, String sender, Duration within, int millis) {
    return call(peer, "turn", within, millis, sender, turns.next(sender));
  }

  /** Tells the next notification of a sender. */
  void tell(Peer peer, String sender, int millis) {
    int n = notes.next(sender);
    if (peer.notify("note", List.of(sender, n, millis)) == Offer.QUEUED) {
      notes.queued(sender, n);
    }
  }

  // ---- handlers

  CallBook.Entry begun(Call call) {
    CallBook.Entry entry = book.entry(call.params().get(0, "call", int.class));
    entry.runs(call.method());
    return entry;
  }

  private RawJson echo(Call call) {
    CallBook.Entry entry = begun(call);
    String sender = call.params().get(1, "sender", String.class);
    int after = call.params().get(2, "after", int.class);
    notes.requested(sender, call.caller().connectionId(), after);
    return entry.returns("{\"echo\":" + entry.number + ",\"sender\":\"" + sender + "\"}");
  }

  private RawJson now(Call call) {
    CallBook.Entry entry = begun(call);
    return entry.returns("{\"now\":" + entry.number + "}");
  }

  private RawJson slow(Call call) throws InterruptedException {
    CallBook.Entry entry = begun(call);
    fibers.sleep(millis(call));
    boolean open = call.caller().peer().notify("any", null) != Offer.CLOSED;
    if (call.caller().cancelled() && open) {
      book.wrong(entry + " was cancelled and not interrupted");
    }
    return entry.returns("[" + entry.number + "]");
  }

  private RawJson turn(Call call) throws InterruptedException {
    CallBook.Entry entry = begun(call);
    String connection = call.caller().connectionId();
    String sender = call.params().get(2, "sender", String.class);
    int n = call.params().get(3, "n", int.class);
    turns.begins(sender, connection, n);
    try {
      fibers.sleep(millis(call));
    } finally {
      turns.ends(sender, connection, n);
    }
    return entry.returns("[\"turn\"," + entry.number + "]");
  }

  private RawJson deaf(Call call) {
    CallBook.Entry entry = begun(call);
    fibers.sleepDeaf(millis(call));
    return entry.returns("\"" + "x".repeat(entry.number % 5_000) + entry.number + "\"");
  }

  /** Calls its caller back, which calls back in turn, as deep as it is told. */
  private RawJson nest(Call call) throws InterruptedException {
    CallBook.Entry entry = begun(call);
    int depth = call.params().get(1, "depth", int.class);
    int within = call.params().get(2, "within", int.class);
    if (depth == 0) {
      return entry.returns("[" + entry.number + ",null]");
    }
    CallBook.Entry inner =
        call(call.caller().peer(), call.method(), Duration.ofMillis(within), depth - 1, within);
    try {
      fibers.await(inner.stage());
    } catch (InterruptedException e) {
      inner.cancel();
      throw e;
    }
    return entry.returns("[" + entry.number + "," + inner.number + "]");
  }

  private Object refuse(Call call) {
    throw begun(call).refuses();
  }

  private Object broken(Call call) {
    throw new IllegalStateException("secret " + begun(call));
  }

  private Object note(Call call) throws InterruptedException {
    String sender = call.params().get(0, "sender", String.class);
    int n = call.params().get(1, "n", int.class);
    String connection = call.caller().connectionId();
    notes.begins(sender, connection, n);
    try {
      fibers.sleep(Duration.ofMillis(call.params().get(2, "millis", int.class)));
    } finally {
      notes.ends(sender, connection, n);
    }
    return n;
  }

  private static Duration millis(Call call) {
    return Duration.ofMillis(call.params().get(1, "millis", int.class));
  }
}
