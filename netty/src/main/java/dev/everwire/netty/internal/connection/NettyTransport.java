package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.CloseFrames;
import dev.everwire.netty.internal.frame.Frames;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.loop.Passenger;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open connection, either role: the last handler of its pipeline and the engine's view of it.
 *
 * <p>The end has one cause, whichever came first (our close, the peer's Close frame, a breach, a
 * loss), and is told when the channel is gone. The server closes the channel when both Close frames
 * have passed; the client waits for that.
 */
public final class NettyTransport extends ChannelInboundHandlerAdapter
    implements Transport, Passenger, Inbound.Sink {
  private static final Logger LOG = System.getLogger(NettyTransport.class.getName());

  private static final int UNDECIDED = 0;

  private final Channel channel;
  private final NettyLoop loop;
  private final TransportLimits limits;
  private final boolean server;
  private final String remoteAddress;
  private final FrameDecoder decoder;
  private final Inbound inbound;
  private final Outbound outbound;

  // event loop only
  private Receiver receiver = Nobody.LISTENS;
  private long lastReceivedAt;
  private boolean started;
  private boolean reading = true;
  private boolean toldWritable = true;
  private boolean dirty;
  private int endCode = UNDECIDED;
  private String endReason = "";
  private boolean broken; // by the peer or the receiver: nothing more is read
  private boolean closeLeft;
  private boolean peerClosed;
  private boolean ended;
  private Loop.@Nullable Timer deadline;

  private NettyTransport(Channel channel, NettyLoop loop, ConnectionSpec spec) {
    this.channel = channel;
    this.loop = loop;
    this.limits = spec.limits();
    this.server = spec.server();
    this.remoteAddress = spec.remoteAddress();
    this.decoder = new FrameDecoder(this, server, limits.maxMessageBytes());
    this.inbound = new Inbound(limits.maxMessageBytes(), this);
    this.outbound =
        new Outbound(
            channel,
            loop,
            limits,
            server ? Frames.SERVER : Frames.client(),
            spec.encrypted(),
            this::drained);
    this.lastReceivedAt = loop.now();
  }

  /**
   * Goes to the end of the pipeline of a channel whose upgrade is done. The HTTP handlers are to be
   * removed next; what they read too far is held back until {@link #start}.
   */
  public static NettyTransport install(Channel channel, NettyLoop loop, ConnectionSpec spec) {
    var transport = new NettyTransport(channel, loop, spec);
    channel.pipeline().addLast(transport.decoder, transport);
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
    if (decoder.holdsBack()) {
      loop.execute(this::resume);
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
    return open() ? queued(outbound.send(Frames.TEXT, utf8)) : Offer.CLOSED;
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return open() ? queued(outbound.send(Frames.BINARY, bytes)) : Offer.CLOSED;
  }

  @Override
  public void ping() {
    if (open()) {
      outbound.ping();
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
  public void reading(boolean on) {
    if (reading == on || endCode != UNDECIDED) {
      return;
    }
    reading = on;
    channel.config().setAutoRead(on);
    if (on && decoder.holdsBack()) {
      loop.execute(this::resume);
    }
  }

  boolean reading() {
    return reading && started;
  }

  @Override
  public void close(int code, String reason) {
    if (!new CloseCode(code).sendable()) {
      throw new IllegalArgumentException("code: " + code + " (expected: a sendable one)");
    }
    if (endCode == UNDECIDED) {
      reading(true); // for the peer's Close frame; messages are no more delivered
      end(code, reason);
      sendClose(CloseFrames.payload(code, reason));
    }
  }

  @Override
  public void abort() {
    end(CloseCode.ABNORMAL.value(), "aborted");
    if (channel.isOpen()) {
      // reset instead of a polite end: nothing lingers in the kernel for a peer that does not read
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.unsafe().voidPromise());
    }
  }

  @Override
  public boolean open() {
    return endCode == UNDECIDED && !ended;
  }

  /** Bytes came in. */
  void received() {
    lastReceivedAt = loop.now();
  }

  /** Everything written in this pass leaves here. */
  @Override
  public void endOfPass() {
    dirty = false;
    outbound.flush();
    if (!open()) {
      return;
    }
    if (toldWritable ? outbound.aboveHalf() : outbound.underQuarter()) {
      toldWritable = !toldWritable;
      if (toldWritable) {
        outbound.answerLatePing();
        touchIfUnflushed();
      }
      try {
        receiver.onWritable(toldWritable);
      } catch (RuntimeException | Error e) {
        receiverFailed(e);
      }
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
      if (broken) {
        return;
      }
      switch (message) {
        case PingWebSocketFrame ping -> {
          if (open()) {
            outbound.pong(ping.content());
            touchIfUnflushed();
          }
        }
        case PongWebSocketFrame pong -> {} // counted when its bytes came
        case CloseWebSocketFrame close -> peerClosed(close);
        case WebSocketFrame data -> {
          if (open()) {
            inbound.accept(data, ctx.alloc());
          }
        }
        default -> {} // the end of the HTTP answer
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void text(ByteBuffer utf8) {
    try {
      receiver.onText(utf8);
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
  }

  @Override
  public void binary(ByteBuffer bytes) {
    try {
      receiver.onBinary(bytes);
    } catch (RuntimeException | Error e) {
      receiverFailed(e);
    }
  }

  /** Ends a connection that cannot go on: says why, then waits only for the peer to be gone. */
  @Override
  public void broken(CloseCode code, String reason) {
    broken = true;
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
      case CorruptedWebSocketFrameException breach -> inbound.refused(breach);
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
    end(CloseCode.ABNORMAL.value(), "connection lost");
    ended = true;
    if (deadline != null) {
      deadline.cancel();
    }
    inbound.release();
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

  private void resume() {
    ChannelHandlerContext ctx = channel.pipeline().context(decoder);
    if (ctx != null && reading()) {
      try {
        decoder.resume(ctx);
      } catch (Exception e) {
        exceptionCaught(ctx, e);
      }
    }
  }

  private void peerClosed(CloseWebSocketFrame frame) {
    peerClosed = true;
    boolean first = endCode == UNDECIDED;
    if (first) {
      int code = frame.statusCode();
      if (code < 0) {
        end(CloseCode.NO_STATUS.value(), "");
        sendClose(ByteBuffer.allocate(0));
      } else {
        end(code, frame.reasonText());
        sendClose(CloseFrames.payload(code, ""));
      }
    }
    closeWhenDone();
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
    outbound.close(
        payload,
        () -> {
          closeLeft = true;
          closeWhenDone();
        });
    touch();
    deadline = loop.schedule(limits.closeTimeout().toNanos(), this::abort);
  }

  private void closeWhenDone() {
    if (!closeLeft || !server || ended) {
      return;
    }
    if (peerClosed) {
      channel.close();
    } else if (broken && channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput(); // and drain what comes, or a reset could overtake the Close frame
    }
  }
}
