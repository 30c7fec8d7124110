package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.connection.ConnectionSpec;
import dev.everwire.netty.internal.connection.NettyTransport;
import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server's connection while it speaks HTTP: one request at a time, bounded, until it is upgraded
 * or closed. Leaves the pipeline with the upgrade.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter {
  public static final int MAX_HEADER_BYTES = 8 * 1024;
  public static final int MAX_BODY_BYTES = 64 * 1024;

  private static final Logger LOG = System.getLogger(HttpConnection.class.getName());
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
  private static final Duration LINGER = Duration.ofSeconds(2);

  private enum Phase {
    IDLE,
    READING,
    ANSWERING,
    ENDING
  }

  private final Channel channel;
  private final NettyLoop loop;
  private final Acceptor acceptor;
  private final Duration requestWithin;

  // event loop only
  private final ArrayDeque<HttpObject> pipelined = new ArrayDeque<>(0); // at most one read of them
  private Phase phase = Phase.IDLE;
  private io.netty.handler.codec.http.@Nullable HttpRequest head;
  private @Nullable ByteBuf body;
  private Loop.@Nullable Timer deadline;

  public HttpConnection(
      Channel channel, NettyLoop loop, Acceptor acceptor, Duration requestWithin) {
    this.channel = channel;
    this.loop = loop;
    this.acceptor = acceptor;
    this.requestWithin = requestWithin;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    expire(requestWithin);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (phase == Phase.ENDING || !(message instanceof HttpObject object)) {
      ReferenceCountUtil.release(message);
    } else if (phase == Phase.ANSWERING) {
      pipelined.add(object);
      channel.config().setAutoRead(false);
    } else {
      take(object);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.ENDING;
    release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IllegalStateException || cause instanceof CodecException) {
      // what a peer can bring about, such as hundreds of pipelined requests, is no error of ours
      LOG.log(Level.DEBUG, "connection failed remote=" + remoteAddress(), cause);
    } else if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "connection failed remote=" + remoteAddress(), cause);
    }
    channel.close();
  }

  private String remoteAddress() {
    return Addresses.hostAndPort(channel.remoteAddress());
  }

  private void take(HttpObject object) {
    try {
      if (object.decoderResult().isFailure()) {
        refuse(object.decoderResult());
        return;
      }
      if (object instanceof io.netty.handler.codec.http.HttpRequest request) {
        begin(request);
      }
      if (object instanceof HttpContent content && phase == Phase.READING) {
        read(content);
      }
    } finally {
      ReferenceCountUtil.release(object);
    }
  }

  private void begin(io.netty.handler.codec.http.HttpRequest request) {
    phase = Phase.READING;
    head = request;
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !request.headers().contains(HttpHeaderNames.HOST)) {
      fail(400, "bad request");
    } else if (HttpUtil.getContentLength(request, 0L) > MAX_BODY_BYTES) {
      fail(413, "body too large");
    } else if (HttpUtil.is100ContinueExpected(request)) {
      channel.writeAndFlush(HttpMessages.goOn());
    }
  }

  private void read(HttpContent content) {
    ByteBuf bytes = content.content();
    if (bytes.isReadable()) {
      if (body == null) {
        body = channel.alloc().buffer(bytes.readableBytes());
      }
      if (bytes.readableBytes() > MAX_BODY_BYTES - body.readableBytes()) {
        fail(413, "body too large");
        return;
      }
      body.writeBytes(bytes);
    }
    if (content instanceof LastHttpContent && head != null) {
      answer(head);
    }
  }

  private void refuse(DecoderResult result) {
    if (result.cause() instanceof TooLongHttpHeaderException) {
      fail(431, "headers too large");
    } else if (result.cause() instanceof TooLongHttpLineException) {
      fail(414, "address too long");
    } else {
      fail(400, "bad request");
    }
  }

  private void answer(io.netty.handler.codec.http.HttpRequest request) {
    phase = Phase.ANSWERING;
    expire(ANSWER_WITHIN);
    RequestTarget target;
    try {
      target = RequestTarget.parse(request.uri());
    } catch (IllegalArgumentException e) {
      fail(400, "bad request");
      return;
    }
    if (UpgradeRequest.isMeant(request)) {
      upgrade(request, target);
      return;
    }
    byte[] bytes = new byte[0];
    if (body != null) {
      bytes = new byte[body.readableBytes()];
      body.readBytes(bytes);
      body.release();
      body = null;
    }
    var reply = new Reply(request);
    try {
      acceptor.http(
          new HttpRequest(
              request.method().name(),
              target.path(),
              target.query(),
              HttpMessages.firstValues(request.headers()),
              bytes),
          reply);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "acceptor failed path=" + target.path(), e);
      if (reply.given.compareAndSet(false, true)) {
        fail(500, "internal error");
      }
    }
  }

  private void upgrade(io.netty.handler.codec.http.HttpRequest request, RequestTarget target) {
    HttpReply fault = UpgradeRequest.fault(request, body != null);
    if (fault != null) {
      end(fault);
      return;
    }
    Acceptor.Answer answer;
    try {
      answer = acceptor.upgrade(UpgradeRequest.handshake(request, target, remoteAddress()));
      if (answer instanceof Acceptor.Accept accept) {
        UpgradeRequest.requireOffered(request, accept.subprotocol());
      }
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "acceptor failed path=" + target.path(), e);
      fail(500, "internal error");
      return;
    }
    switch (answer) {
      case Acceptor.Accept accept -> accept(request, accept);
      case Acceptor.Refuse refuse ->
          end(HttpMessages.plain(refuse.status(), refuse.text(), refuse.headers()));
    }
  }

  private void accept(io.netty.handler.codec.http.HttpRequest request, Acceptor.Accept accept) {
    channel.write(UpgradeRequest.accepted(request, accept.subprotocol()));
    phase = Phase.ENDING;
    release();
    channel.config().setAutoRead(true);
    var transport =
        NettyTransport.install(
            channel, loop, new ConnectionSpec(true, accept.limits(), false, null, remoteAddress()));
    channel.pipeline().remove(this);
    channel.pipeline().remove(HttpServerCodec.class);
    transport.start(accept.open());
  }

  /** Answers with an error and ends the connection. */
  private void fail(int status, String text) {
    end(HttpMessages.plain(status, text, Map.of()));
  }

  private void end(HttpReply reply) {
    reply(reply, false);
  }

  private void reply(HttpReply reply, boolean keepAlive) {
    if (phase == Phase.ENDING) {
      return;
    }
    var response = HttpMessages.response(reply, keepAlive);
    head = null;
    release();
    expire(ANSWER_WITHIN);
    if (keepAlive) {
      phase = Phase.IDLE;
      channel.writeAndFlush(response).addListener(this::answerLeft);
      next();
    } else {
      phase = Phase.ENDING;
      releasePipelined();
      channel.config().setAutoRead(true);
      channel.writeAndFlush(response).addListener(this::lastAnswerLeft);
    }
  }

  private void answerLeft(Future<?> written) {
    if (!written.isSuccess()) {
      channel.close();
    } else if (phase == Phase.IDLE) {
      expire(requestWithin);
    }
  }

  /** Drains what still comes, or a reset could overtake the answer. */
  private void lastAnswerLeft(Future<?> written) {
    if (written.isSuccess() && channel instanceof DuplexChannel duplex && channel.isActive()) {
      expire(LINGER);
      duplex.shutdownOutput();
    } else {
      channel.close();
    }
  }

  private void next() {
    while (phase != Phase.ANSWERING && phase != Phase.ENDING) {
      HttpObject object = pipelined.poll();
      if (object == null) {
        channel.config().setAutoRead(true);
        return;
      }
      take(object);
    }
  }

  private void expire(Duration after) {
    if (deadline != null) {
      deadline.cancel();
    }
    deadline = loop.schedule(after.toNanos(), this::expired);
  }

  private void expired() {
    switch (phase) {
      case READING -> fail(408, "request took too long");
      case ANSWERING -> fail(503, "no answer in time");
      case IDLE, ENDING -> channel.close();
    }
  }

  private void release() {
    if (body != null) {
      body.release();
      body = null;
    }
    if (phase == Phase.ENDING) {
      releasePipelined();
      if (deadline != null) {
        deadline.cancel();
        deadline = null;
      }
    }
  }

  private void releasePipelined() {
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
  }

  /** Takes the answer to one request, from any thread. */
  private final class Reply implements Consumer<HttpReply> {
    private final AtomicBoolean given = new AtomicBoolean();
    private final boolean keepAlive;

    Reply(io.netty.handler.codec.http.HttpRequest request) {
      this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    @Override
    public void accept(HttpReply reply) {
      if (!given.compareAndSet(false, true)) {
        throw new IllegalStateException("answered already");
      }
      if (loop.inLoop()) {
        give(reply);
        return;
      }
      try {
        loop.execute(() -> give(reply));
      } catch (RejectedExecutionException e) {
        // the loop is gone, and the connection with it
      }
    }

    private void give(HttpReply reply) {
      try {
        reply(reply, keepAlive);
      } catch (IllegalArgumentException e) { // a header that HTTP does not allow
        LOG.log(Level.ERROR, "reply is not valid HTTP", e);
        fail(500, "internal error");
      }
    }
  }
}
