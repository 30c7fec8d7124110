package dev.everwire.testkit;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryPipe.Frame;
import dev.everwire.testkit.MemoryPipe.Kind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory. The loop only. */
final class MemoryTransport implements Transport {
  private static final Logger LOG = System.getLogger(MemoryTransport.class.getName());
  private static final int UNDECIDED = 0;
  private static final byte STALE = (byte) 0xDD;

  private final MemoryLoop loop;
  private final TransportLimits limits;
  private int maxMessageBytes = Integer.MAX_VALUE; // or the limits'
  private final boolean server;
  private final String remoteAddress;
  private final MemoryPipe in;
  private final MemoryPipe out;
  private final Runnable cut;
  private final Consumer<MemoryTransport> whenEnded;

  private final MemoryQueue queue;
  private @Nullable Receiver receiver;
  private long lastReceivedAt;
  private long lastPongAt;
  private boolean reading = true;
  private boolean toldWritable = true;
  private boolean awake; // a read is on its way
  private int endCode = UNDECIDED;
  private String endReason = "";
  private boolean broken;
  private boolean closeLeft;
  private boolean peerClosed;
  private boolean ended;
  private Loop.@Nullable Timer deadline;

  /**
   * @param cut called when a frame met the end of the link
   * @param whenEnded called once
   */
  MemoryTransport(
      MemoryLoop loop,
      TransportLimits limits,
      boolean server,
      String remoteAddress,
      MemoryPipe in,
      MemoryPipe out,
      Runnable cut,
      Consumer<MemoryTransport> whenEnded) {
    this.loop = loop;
    this.limits = limits;
    this.queue = new MemoryQueue(limits);
    this.server = server;
    this.remoteAddress = remoteAddress;
    this.in = in;
    this.out = out;
    this.cut = cut;
    this.whenEnded = whenEnded;
    this.lastReceivedAt = loop.now();
    this.lastPongAt = lastReceivedAt;
  }

  /** Connects both pipes and makes the receiver. */
  void start(Function<? super Transport, Receiver> open) {
    out.writer(this);
    try {
      receiver = open.apply(this);
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
    in.reader(this, loop.now());
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public Offer send(Encoded message) {
    return send(message.isText() ? Kind.TEXT : Kind.BINARY, message.payload());
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return send(Kind.TEXT, copy(utf8));
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return send(Kind.BINARY, copy(bytes));
  }

  @Override
  public void ping() {
    if (open()) {
      enqueue(Kind.PING, new byte[0]);
    }
  }

  @Override
  public long queuedBytes() {
    return queue.bytes();
  }

  @Override
  public int queuedMessages() {
    return queue.messages();
  }

  @Override
  public long lastReceivedAt() {
    return lastReceivedAt;
  }

  @Override
  public long lastPongAt() {
    return lastPongAt;
  }

  @Override
  public void limitMessages(int maxBytes) {
    maxMessageBytes = maxBytes;
  }

  @Override
  public void reading(boolean on) {
    if (endCode == UNDECIDED && reading != on) {
      reading = on;
      if (on) {
        wake(0);
      }
    }
  }

  @Override
  public void close(int code, String reason) {
    if (!new CloseCode(code).sendable()) {
      throw new IllegalArgumentException("code: " + code + " (expected: a sendable one)");
    }
    if (endCode == UNDECIDED) {
      reading(true);
      end(code, reason);
      sendClose(MemoryPipe.closePayload(code, reason));
    }
  }

  @Override
  public void abort() {
    end(CloseCode.ABNORMAL.value(), "aborted");
    if (!ended) {
      out.reset(loop.now());
      finish();
    }
  }

  @Override
  public boolean open() {
    return endCode == UNDECIDED && !ended;
  }

  /** Reads what has arrived, after a while. */
  void wake(long delayNanos) {
    if (delayNanos > 0) {
      onLoop(() -> {
        if (!ended) {
          loop.schedule(delayNanos, this::readable);
        }
      });
    } else if (!awake) {
      awake = true;
      onLoop(this::readable);
    }
  }

  /** The peer aborted. */
  void resetAfter(long delayNanos) {
    onLoop(() -> loop.schedule(delayNanos, this::lost));
  }

  /** The peer has read something. */
  void roomCame() {
    if (!queue.isEmpty() || !toldWritable) {
      onLoop(() -> loop.flushAtEndOfPass(this));
    }
  }

  void endOfPass() {
    if (ended) {
      return;
    }
    push();
    if (open() && (toldWritable ? queue.isLong() : queue.isShort())) {
      toldWritable = !toldWritable;
      Receiver told = receiver;
      if (told != null) {
        call(() -> told.onWritable(toldWritable));
      }
    }
  }

  private void push() {
    for (Frame next = queue.peek(); next != null && out.hasRoomFor(next); next = queue.peek()) {
      queue.remove();
      if (out.write(next, loop.now())) {
        cut.run();
      }
      if (next.kind() == Kind.CLOSE) {
        closeLeft = true;
        closeWhenDone();
      }
    }
  }

  private void readable() {
    awake = false;
    while (reading && !ended) {
      Frame frame = in.read(loop.now());
      if (frame == null) {
        return;
      }
      if (frame.kind() == Kind.END) {
        lost();
        return;
      }
      lastReceivedAt = loop.now();
      if (!broken) {
        receive(frame);
      }
    }
  }

  private void receive(Frame frame) {
    switch (frame.kind()) {
      case TEXT, BINARY -> {
        if (open()) {
          deliver(frame);
        }
      }
      case PING -> {
        if (open()) {
          enqueue(Kind.PONG, frame.payload());
        }
      }
      case CLOSE -> peerClosed(ByteBuffer.wrap(frame.payload()));
      case PONG -> lastPongAt = lastReceivedAt;
      case END -> {}
    }
  }

  /** Lends a buffer without an array, and spoils it after the call so that nobody keeps it. */
  private void deliver(Frame frame) {
    byte[] lent = frame.payload().clone();
    int most = Math.min(limits.maxMessageBytes(), maxMessageBytes);
    if (lent.length > most) {
      breach(CloseCode.TOO_LARGE, "message longer than " + most + " bytes");
      return;
    }
    Receiver to = receiver;
    if (to == null) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(lent).asReadOnlyBuffer();
    if (frame.kind() == Kind.BINARY) {
      call(() -> to.onBinary(bytes));
    } else if (isUtf8(lent)) {
      call(() -> to.onText(bytes));
    } else {
      breach(CloseCode.INVALID_TEXT, "text is not UTF-8");
    }
    Arrays.fill(lent, STALE);
  }

  private void peerClosed(ByteBuffer payload) {
    peerClosed = true;
    if (endCode == UNDECIDED) {
      if (payload.hasRemaining()) {
        int code = payload.getShort();
        end(code, StandardCharsets.UTF_8.decode(payload).toString());
        sendClose(MemoryPipe.closePayload(code, ""));
      } else {
        end(CloseCode.NO_STATUS.value(), "");
        sendClose(new byte[0]);
      }
    }
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (closeLeft && server && !ended) {
      if (peerClosed) {
        out.sever(true, loop.now());
        finish();
      } else if (broken) {
        out.sever(true, loop.now());
      }
    }
  }

  private void breach(CloseCode code, String reason) {
    broken = true;
    if (endCode != UNDECIDED) {
      abort();
      return;
    }
    reading(true);
    end(code.value(), reason);
    sendClose(MemoryPipe.closePayload(code.value(), reason));
  }

  private void lost() {
    end(CloseCode.ABNORMAL.value(), "connection lost");
    if (!ended) {
      out.sever(true, loop.now());
      finish();
    }
  }

  private void finish() {
    ended = true;
    queue.clear();
    if (deadline != null) {
      deadline.cancel();
    }
    onLoop(() -> {
      Receiver last = receiver;
      receiver = null;
      whenEnded.accept(this);
      if (last != null) {
        try {
          last.onClosed(endCode, endReason);
        } catch (RuntimeException | Error e) {
          LOG.log(Level.ERROR, "receiver failed in onClosed remote=" + remoteAddress, e);
        }
      }
    });
  }

  private Offer send(Kind kind, byte[] payload) {
    if (!open()) {
      return Offer.CLOSED;
    }
    int length = out.length(payload.length);
    if (!queue.admits(length)) {
      push(); // a busy pass should not look like a slow reader
    }
    if (!queue.admits(length)) {
      return Offer.FULL;
    }
    enqueue(kind, payload);
    return Offer.QUEUED;
  }

  private void enqueue(Kind kind, byte[] payload) {
    queue.add(new Frame(kind, payload, out.length(payload.length)));
    loop.flushAtEndOfPass(this);
  }

  private void sendClose(byte[] payload) {
    enqueue(Kind.CLOSE, payload);
    deadline = loop.schedule(limits.closeTimeout().toNanos(), this::abort);
  }

  private void call(Runnable receive) {
    try {
      receive.run();
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
  }

  private void receiverFailed(Throwable cause) {
    LOG.log(Level.ERROR, "receiver failed remote=" + remoteAddress, cause);
    if (open()) {
      breach(CloseCode.INTERNAL_ERROR, "internal error");
    }
  }

  private void end(int code, String reason) {
    if (endCode == UNDECIDED) {
      endCode = code;
      endReason = reason;
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the loop has ended, and with it everybody who would want to know
    }
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
