package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.Breach;
import dev.everwire.netty.internal.frame.CloseFrames;
import dev.everwire.netty.internal.frame.Opcode;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.loop.Passenger;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * One open connection, either role: the last handler of its pipeline and the engine's view of it.
 *
 * <p>The end has one cause, whichever came first (our close, the peer's Close frame, a breach, a
 * loss), and is told when the channel is gone.
 */
public final class NettyTransport extends ChannelInboundHandlerAdapter
    implements Transport, Passenger, Inbound.Gate {
  private static final Logger LOG = System.getLogger(NettyTransport.class.getName());

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int UNDECIDED = 0;

  private final Channel channel;
  private final NettyLoop loop;
  private final TransportLimits limits;
  private final String remoteAddress;
  private final Inbound inbound;
  private final Outbound outbound;
  private final Pongs pongs;
  private final Farewell farewell;

  // event loop only
  private Receiver receiver = Nobody.LISTENS;
  private long lastReceivedAt;
  private long lastPongAt;
  private boolean started;
  private boolean reading = true;
  private boolean toldWritable = true;
  private boolean dirty;
  private int endCode = UNDECIDED;
  private String endReason = "";
  private boolean pongWaits; // for its time
  private boolean ended;

  private NettyTransport(Channel channel, NettyLoop loop, ConnectionSpec spec) {
    this.channel = channel;
    this.loop = loop;
    this.limits = spec.limits();
    this.remoteAddress = spec.remoteAddress();
    this.inbound = new Inbound(channel, loop, spec, this);
    this.outbound = new Outbound(channel, loop, spec, this::drained);
    this.lastReceivedAt = loop.now();
    this.lastPongAt = lastReceivedAt;
    this.pongs = new Pongs(outbound, lastReceivedAt);
    this.farewell = new Farewell(channel, loop, spec.server(), this::lastReceivedAt);
  }

  /**
   * Goes to the end of the pipeline of a channel whose upgrade is done. The HTTP handlers are to be
   * removed next; what they read too far is held back until {@link #start}.
   */
  public static NettyTransport install(Channel channel, NettyLoop loop, ConnectionSpec spec) {
    var transport = new NettyTransport(channel, loop, spec);
    channel.pipeline().addLast(transport);
    return transport;
  }

  /** Makes the receiver and delivers to it from now on. */
  public void start(Function<Transport, Receiver> open) {
    try {
      receiver = open.apply(this);
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
    started = true;
    outbound.markUnflushed(); // the answer to the upgrade
    touch();
    inbound.start();
    if (reading) {
      inbound.resume();
    }
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
    return open() ? queued(outbound.send(message)) : Offer.CLOSED;
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return open() ? queued(outbound.send(Opcode.TEXT, utf8)) : Offer.CLOSED;
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return open() ? queued(outbound.send(Opcode.BINARY, bytes)) : Offer.CLOSED;
  }

  @Override
  public void ping() {
    if (open()) {
      outbound.control(Opcode.PING, NOTHING);
      touch();
    }
  }

  @Override
  public long queuedBytes() {
    return outbound.queuedBytes();
  }

  @Override
  public int queuedMessages() {
    return outbound.queuedMessages();
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
    inbound.limitMessages(maxBytes);
  }

  @Override
  public void reading(boolean on) {
    if (reading == on || endCode != UNDECIDED) {
      return;
    }
    reading = on;
    if (!on) {
      inbound.pause();
    } else if (started) {
      inbound.resume();
    }
  }

  @Override
  public boolean paused() {
    return !reading || !started;
  }

  @Override
  public void close(int code, String reason) {
    if (!new CloseCode(code).sendable()) {
      throw new IllegalArgumentException("code: " + code + " (expected: a sendable one)");
    }
    if (endCode == UNDECIDED) {
      inbound.discard();
      reading(true); // for the peer's Close frame
      end(code, reason);
      sendClose(CloseFrames.payload(code, reason));
    }
  }

  @Override
  public void abort() {
    end(CloseCode.ABNORMAL.value(), "aborted");
    if (channel.isOpen()) {
      try {
        // reset, not a polite end: nothing lingers in the kernel for a peer that does not read
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException e) {
        LOG.log(Level.DEBUG, "no reset, gone already remote=" + remoteAddress, e);
      }
      channel.unsafe().close(channel.unsafe().voidPromise());
    }
  }

  @Override
  public boolean open() {
    return endCode == UNDECIDED && !ended;
  }

  /** Everything written in this pass leaves here. */
  @Override
  public void endOfPass() {
    dirty = false;
    outbound.flush();
    if (!open()) {
      return;
    }
    if (toldWritable ? outbound.isLong() : outbound.isShort()) {
      toldWritable = !toldWritable;
      if (toldWritable) {
        answerLatePing();
      }
      try {
        receiver.onWritable(toldWritable);
      } catch (RuntimeException | Error e) {
        receiverFailed(e);
      }
    } else if (toldWritable && !pongWaits) {
      answerLatePing(); // there was no room inside the pass, and now there is
    }
  }

  @Override
  public void endOfPassFailed(Throwable cause) {
    LOG.log(Level.ERROR, "flush failed remote=" + remoteAddress, cause);
    abort();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf bytes && bytes.isReadable()) {
        lastReceivedAt = loop.now();
        inbound.take(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    outbound.flushIfMuch(); // answers to this read
  }

  @Override
  public void text(ByteBuffer utf8) {
    deliver(utf8, true);
  }

  @Override
  public void binary(ByteBuffer bytes) {
    deliver(bytes, false);
  }

  private void deliver(ByteBuffer message, boolean text) {
    if (!open()) {
      return;
    }
    try {
      if (text) {
        receiver.onText(message);
      } else {
        receiver.onBinary(message);
      }
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
  }

  @Override
  public void ping(ByteBuffer payload) {
    if (!open()) {
      return;
    }
    if (!pongs.ping(payload, lastReceivedAt)) {
      broken(CloseCode.POLICY, "too many control frames");
      return;
    }
    touchIfUnflushed();
    long wait = pongs.nanosUntilAnswer(lastReceivedAt);
    if (wait > 0 && !pongWaits) { // not for a full queue: it tells when it drained
      pongWaits = true;
      loop.schedule(
          wait,
          () -> {
            pongWaits = false;
            answerLatePing();
          });
    }
  }

  @Override
  public void pong() { // counted when its bytes came
    lastPongAt = lastReceivedAt;
    if (open() && !pongs.other(lastReceivedAt)) {
      broken(CloseCode.POLICY, "too many control frames");
    }
  }

  @Override
  public void broken(Breach breach) {
    broken(breach.code(), breach.reason());
  }

  /** Ends a connection that cannot go on: says why, then waits only for the peer to be gone. */
  private void broken(CloseCode code, String reason) {
    farewell.deaf();
    inbound.release();
    if (endCode != UNDECIDED) {
      abort(); // its Close frame will not come any more
      return;
    }
    reading(true);
    end(code.value(), reason);
    sendClose(CloseFrames.payload(code.value(), reason));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case IOException lost -> {
        end(CloseCode.ABNORMAL.value(), "connection lost");
        abort();
      }
      default -> {
        LOG.log(Level.ERROR, "connection failed remote=" + remoteAddress, cause);
        broken(CloseCode.INTERNAL_ERROR, "internal error");
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (ended) {
      return;
    }
    try {
      inbound.finish(); // what came before the end counts
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "reading failed remote=" + remoteAddress, e);
      inbound.release();
    }
    end(CloseCode.ABNORMAL.value(), "connection lost");
    ended = true;
    farewell.over();
    outbound.release();
    try {
      receiver.onClosed(endCode, endReason);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "receiver failed in onClosed remote=" + remoteAddress, e);
    }
    receiver = Nobody.LISTENS;
  }

  private Offer queued(Offer offer) {
    touchIfUnflushed();
    return offer;
  }

  private void touchIfUnflushed() {
    if (outbound.unflushed()) {
      touch();
    }
  }

  private void touch() {
    if (!dirty) {
      dirty = true;
      loop.atEndOfPass(this);
    }
  }

  private void drained() {
    if (!toldWritable) {
      touch();
    }
  }

  private void answerLatePing() {
    if (open()) {
      pongs.answer();
      touchIfUnflushed();
    }
  }

  @Override
  public void closed(int code, String reason) {
    if (endCode == UNDECIDED) {
      end(code, reason);
      sendClose(code == CloseCode.NO_STATUS.value() ? NOTHING : CloseFrames.payload(code, ""));
    }
    farewell.peerClosed();
  }

  private void receiverFailed(Throwable cause) {
    LOG.log(Level.ERROR, "receiver failed remote=" + remoteAddress, cause);
    if (open()) {
      broken(CloseCode.INTERNAL_ERROR, "internal error");
    }
  }

  private void end(int code, String reason) {
    if (endCode == UNDECIDED) {
      endCode = code;
      endReason = reason;
    }
  }

  private void sendClose(ByteBuffer payload) {
    farewell.begin(limits.closeTimeout(), this::abort); // first: whatever fails, it ends
    outbound.close(payload, farewell::ourCloseLeft);
    touch();
  }
}
