package dev.everwire.testkit.mock;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.RecordingReceiver.Closed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link MockServer}: everything the client said on it is kept, and what the
 * server says can be said by hand. Safe from any thread; a test waits in {@link #hear}, so not on a
 * loop.
 */
public final class MockConnection {
  /** Later ones are only counted. */
  static final int MOST_FRAMES = 100_000;

  private final int number;
  private final Handshake handshake;
  private final Transport transport;
  private final Patience patience;
  private final Play play;
  private boolean silent; // the loop only

  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private final List<Heard> frames = new ArrayList<>();
  private final ArrayDeque<Heard> unheard = new ArrayDeque<>();
  private final List<String> troubles = new ArrayList<>();
  private int count;
  private @Nullable Closed closed;

  MockConnection(
      int number, Handshake handshake, Transport transport, Script script, Patience patience) {
    this.number = number;
    this.handshake = handshake;
    this.transport = transport;
    this.patience = patience;
    this.play = new Play(script, this, transport.loop());
  }

  /** From 0, in the order in which connections opened. */
  public int number() {
    return number;
  }

  public Handshake handshake() {
    return handshake;
  }

  // ---- what the client said

  /** Everything, oldest first, also what was answered: the first 100 000 messages. */
  public List<Heard> frames() {
    return locked(() -> List.copyOf(frames));
  }

  /** How many messages came. */
  public int count() {
    return locked(() -> count);
  }

  /** Those of a JSON-RPC method. */
  public List<Heard> calls(String method) {
    return frames().stream().filter(said -> said.calls(method)).toList();
  }

  /**
   * Waits for the next message that the script did not take.
   *
   * @throws AssertionError if none comes
   */
  public Heard hear() {
    AtomicReference<@Nullable Heard> next = new AtomicReference<>();
    await(
        () -> {
          next.compareAndSet(null, locked(unheard::poll));
          return next.get() != null;
        },
        "nothing more was heard");
    Heard heard = next.get();
    if (heard == null) {
      throw new AssertionError("cannot be");
    }
    return heard;
  }

  /** The next message that the script did not take and that is here already, or null. */
  public @Nullable Heard hearIfAny() {
    return locked(unheard::poll);
  }

  /**
   * Everything the client has said by now was taken by the script or looked at. Over real sockets
   * this is asked behind a ping.
   *
   * @throws AssertionError naming the first that was not
   */
  public void hearNothing() {
    if (!patience.settle() && open()) {
      long before = onLoop(transport::lastReceivedAt);
      run(transport::ping);
      await(
          () -> !open() || onLoop(transport::lastReceivedAt) != before,
          "the ping was not answered");
    }
    Heard more = locked(unheard::peek);
    if (more != null) {
      throw new AssertionError(this + " was told " + more + " (expected: nothing more)");
    }
  }

  // ---- what the server says

  public void say(String text) {
    run(() -> sayNow(text));
  }

  public void sayBinary(byte[] payload) {
    byte[] own = payload.clone();
    run(() -> sayBinaryNow(own));
  }

  /** Answers a JSON-RPC call with its own id. */
  public void answer(Heard request, String result) {
    say(JsonRpc.answer(request, result));
  }

  public void refuse(Heard request, int code, String message) {
    say(JsonRpc.fault(request, code, message, null));
  }

  /**
   * @param data the JSON of the fault's data
   */
  public void refuse(Heard request, int code, String message, String data) {
    say(JsonRpc.fault(request, code, message, data));
  }

  /** A JSON-RPC notification. */
  public void tell(String method, String params) {
    say(JsonRpc.notification(method, params));
  }

  /** {@code $/goaway}: come back in so long, the connection is closed after so long. */
  public void goaway(String reason, Duration in, Duration closeIn) {
    tell("$/goaway", goawayParams(reason, in, closeIn, ""));
  }

  /** {@code $/goaway} to another server. */
  public void redirect(String url, Duration in, Duration closeIn) {
    tell("$/goaway", goawayParams("moved", in, closeIn, ",\"url\":\"" + url + "\""));
  }

  /** {@code $/authExpiring}: the token ends in so long. */
  public void authExpiring(Duration in) {
    tell("$/authExpiring", "{\"inMs\":" + in.toMillis() + "}");
  }

  public void ping() {
    run(transport::ping);
  }

  /** Reads no more (false), which the client feels through its queue, or again. */
  public void reading(boolean on) {
    run(() -> readingNow(on));
  }

  /** Half open from now on: reads, answers and says nothing, and keeps the connection. */
  public void goSilent() {
    run(this::goSilentNow);
  }

  public void close(int code, String reason) {
    run(() -> closeNow(code, reason));
  }

  /** Ends the connection without a Close frame. */
  public void cut() {
    run(this::cutNow);
  }

  // ---- the end

  public boolean open() {
    return closed() == null;
  }

  /** How it ended; null while it has not. */
  public @Nullable Closed closed() {
    return locked(() -> closed);
  }

  /** Waits for the end. */
  public Closed awaitClosed() {
    await(() -> !open(), "it was not closed");
    Closed end = closed();
    if (end == null) {
      throw new AssertionError("cannot be");
    }
    return end;
  }

  @Override
  public String toString() {
    return "connection " + number;
  }

  /** What was not as a test planned it. */
  List<String> leftovers() {
    List<String> left = new ArrayList<>();
    lock.lock();
    try {
      troubles.forEach(trouble -> left.add(this + ": " + trouble));
      unheard.forEach(said -> left.add(this + " was told " + said + " (expected: nothing more)"));
    } finally {
      lock.unlock();
    }
    List<String> steps = play.left();
    if (!steps.isEmpty()) {
      left.add(this + " is not at its end: " + String.join(", then ", steps));
    }
    return left;
  }

  // ---- on the loop

  Receiver receiver() {
    return new Receiver() {
      @Override
      public void onText(ByteBuffer utf8) {
        came(new Heard(false, utf8, transport.loop().now()));
      }

      @Override
      public void onBinary(ByteBuffer bytes) {
        came(new Heard(true, bytes, transport.loop().now()));
      }

      @Override
      public void onClosed(int code, String reason) {
        lock.lock();
        try {
          closed = new Closed(code, reason);
        } finally {
          lock.unlock();
        }
      }
    };
  }

  void begin() {
    guarded(play::begin);
  }

  /** Nothing in the script wanted it: it waits to be looked at. */
  void leave(Heard message) {
    lock.lock();
    try {
      if (unheard.size() < MOST_FRAMES) {
        unheard.add(message);
      }
    } finally {
      lock.unlock();
    }
  }

  void sayNow(String text) {
    sent(() -> transport.sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))), text);
  }

  void sayBinaryNow(byte[] payload) {
    sent(() -> transport.sendBinary(ByteBuffer.wrap(payload)), payload.length + " bytes");
  }

  void readingNow(boolean on) {
    if (!silent) {
      transport.reading(on);
    }
  }

  void goSilentNow() {
    transport.reading(false);
    silent = true;
  }

  void closeNow(int code, String reason) {
    if (!silent) {
      transport.close(code, reason);
    }
  }

  /** Also when it was silent: that is how it ends. */
  void cutNow() {
    transport.abort();
  }

  /** Notes what a script throws, and closes as the transport would. */
  void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      trouble("the script failed: " + e);
      transport.close(1011, "internal error");
    }
  }

  private void came(Heard message) {
    lock.lock();
    try {
      count++;
      if (frames.size() < MOST_FRAMES) {
        frames.add(message);
      }
    } finally {
      lock.unlock();
    }
    guarded(() -> play.hear(message));
  }

  private void sent(Supplier<Offer> send, String what) {
    if (!silent && send.get() == Offer.FULL) {
      trouble("no room to say " + (what.length() > 100 ? what.substring(0, 100) + "…" : what));
    }
  }

  private void trouble(String what) {
    lock.lock();
    try {
      if (troubles.size() < 100) {
        troubles.add(what);
      }
    } finally {
      lock.unlock();
    }
  }

  private static String goawayParams(String reason, Duration in, Duration closeIn, String more) {
    return "{\"reason\":\""
        + reason
        + "\",\"inMs\":"
        + in.toMillis()
        + ",\"closeAtMs\":"
        + closeIn.toMillis()
        + more
        + "}";
  }

  // ---- from any thread

  private void run(Runnable action) {
    Loop loop = transport.loop();
    if (loop.inLoop()) {
      action.run();
      return;
    }
    loop.execute(action);
    if (!loop.inAnyLoop()) {
      boolean unused = patience.settle();
    }
  }

  private <T> T onLoop(Supplier<T> question) {
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    transport.loop().execute(() -> answer.set(question.get()));
    await(() -> answer.get() != null, "the loop does not run");
    T got = answer.get();
    if (got == null) {
      throw new AssertionError("cannot be");
    }
    return got;
  }

  private void await(BooleanSupplier condition, String failure) {
    try {
      patience.until(condition);
    } catch (AssertionError e) {
      throw new AssertionError(
          this + ": " + failure + " (it was told " + lastFrames() + ", closed: " + closed() + ")",
          e);
    }
  }

  private String lastFrames() {
    List<Heard> all = frames();
    return all.size() <= 5 ? all.toString() : "… " + all.subList(all.size() - 5, all.size());
  }

  private <T extends @Nullable Object> T locked(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }
}
