package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.connection.ConnectionSpec;
import dev.everwire.netty.internal.connection.NettyTransport;
import dev.everwire.netty.internal.deflate.Negotiation;
import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.tls.PeerCertificates;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A server's connection while it speaks HTTP: one request at a time, the next when the answer to
 * the one before has left, until it is upgraded or closed. Leaves the pipeline with the upgrade.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter {
  public static final int MAX_HEADER_BYTES = RequestReader.MAX_HEAD_BYTES;

  private static final Logger LOG = System.getLogger(HttpConnection.class.getName());
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final byte[] NO_BODY = {};
  private static final HttpReply INTERNAL_ERROR = HttpReply.text(500, "internal error");

  private enum Phase {
    /** No byte of a request is here. */
    IDLE,
    READING,
    ANSWERING,
    /** The answer has not left yet. */
    WRITING,
    ENDING
  }

  private final Channel channel;
  private final NettyLoop loop;
  private final Acceptor acceptor;
  private final HttpSettings settings;
  private final Lobby lobby;
  private final boolean encrypted;

  // event loop only
  private final RequestReader reader = new RequestReader();
  private final Unread unread = new Unread(); // at most what one read brought
  private Phase phase = Phase.IDLE;
  private @Nullable InetSocketAddress peer; // as it connected, or as a PROXY header said
  private boolean feeding;
  private @Nullable RequestHead head; // of the request that has a body
  private boolean askedForBody;
  private boolean answeringHead;
  private long strictSeconds; // of the request at hand
  private Loop.@Nullable Timer deadline;

  HttpConnection(
      Channel channel,
      NettyLoop loop,
      Acceptor acceptor,
      HttpSettings settings,
      Lobby lobby,
      boolean encrypted) {
    this.channel = channel;
    this.loop = loop;
    this.acceptor = acceptor;
    this.settings = settings;
    this.lobby = lobby;
    this.encrypted = encrypted;
    this.peer = channel.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
  }

  boolean peerIsTrusted() {
    if (peer == null && channel instanceof SocketChannel) {
      return false; // gone already, which is not to be taken for local
    }
    return settings.trustedProxies().trusts(peer);
  }

  /** A trusted proxy said who connects through it. */
  void cameFrom(InetSocketAddress client) {
    peer = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lobby.enter();
    expire(settings.handshakeTimeout());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    lobby.leave();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (phase == Phase.ENDING || !(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      ReferenceCountUtil.release(message);
      return;
    }
    unread.add(bytes, ctx.alloc());
    feed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.ENDING;
    forget();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException) { // TLS or a PROXY header: what a peer can bring about
      LOG.log(Level.DEBUG, "connection failed remote=" + Addresses.hostAndPort(peer), cause);
    } else if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "connection failed remote=" + Addresses.hostAndPort(peer), cause);
    }
    channel.close();
  }

  /** Reads what is there, as far as its turn has come. */
  private void feed() {
    if (feeding) {
      return; // an answer that was given at once
    }
    feeding = true;
    try {
      while (!unread.isEmpty() && (phase == Phase.IDLE || phase == Phase.READING)) {
        phase = Phase.READING;
        take(unread.next(reader));
      }
    } finally {
      feeding = false;
    }
    if (phase != Phase.ENDING) {
      channel.config().setAutoRead(unread.isEmpty());
      askForBody();
    }
  }

  private void take(Step step) {
    switch (step) {
      case Step.More more -> {}
      case Step.Refusal(int status, String text) -> end(HttpReply.text(status, text));
      case RequestHead request -> {
        strictSeconds = strictSeconds(request.fields());
        if (UpgradeRequest.isMeant(request)) {
          upgrade(request);
        } else if (request.hasBody()) {
          head = request;
          askedForBody = !request.waitsForContinue();
        } else {
          answer(request, NO_BODY);
        }
      }
      case Step.Body(byte[] bytes) -> {
        if (head != null) {
          answer(head, bytes);
        }
      }
    }
  }

  /** A browser would take it for all ports, and developers have others on their own machine. */
  private long strictSeconds(Fields fields) {
    String host = fields.first(FieldNames.HOST);
    return encrypted && host != null && !HostName.isLocalhost(host)
        ? settings.strictTransport().toSeconds()
        : 0;
  }

  private void askForBody() {
    if (head != null && !askedForBody && unread.isEmpty()) {
      askedForBody = true;
      channel.writeAndFlush(ReplyWriter.goOn(channel.alloc()));
    }
  }

  private void answer(RequestHead request, byte[] body) {
    phase = Phase.ANSWERING;
    head = null;
    expire(ANSWER_WITHIN);
    RequestTarget target = request.target();
    boolean toHead = request.method().equals("HEAD");
    answeringHead = toHead;
    boolean keepAlive = request.keepAlive();
    var pending = new PendingReply(loop, reply -> reply(reply, toHead, keepAlive));
    try {
      acceptor.http(
          new HttpRequest(
              request.method(),
              target.path(),
              target.query(),
              request.fields().firstValues(),
              body),
          pending);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "acceptor failed path=" + target.path(), e);
      if (pending.claim()) {
        end(INTERNAL_ERROR);
      }
    }
  }

  private void upgrade(RequestHead request) {
    switch (UpgradeRequest.read(request, settings.compression())) {
      case UpgradeRequest.Invalid(HttpReply reply) -> end(reply, request.method().equals("HEAD"));
      case UpgradeRequest.Valid valid -> decide(request, valid);
    }
  }

  private void decide(RequestHead request, UpgradeRequest.Valid valid) {
    RequestTarget target = request.target();
    String remoteAddress = remoteAddress(request.fields());
    Acceptor.Answer answer;
    try {
      answer =
          acceptor.upgrade(
              new Handshake(
                  target.path(),
                  target.query(),
                  request.fields().firstValues(),
                  valid.subprotocols(),
                  remoteAddress,
                  encrypted ? PeerCertificates.of(channel.pipeline()) : List.of()));
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "acceptor failed path=" + target.path(), e);
      end(INTERNAL_ERROR);
      return;
    }
    if (answer instanceof Acceptor.Later(var later)) {
      phase = Phase.ANSWERING;
      answeringHead = false;
      expire(ANSWER_WITHIN);
      later.whenComplete((decided, failure) ->
          onLoop(() -> decided(valid, decided, failure, target.path(), remoteAddress)));
    } else {
      decided(valid, answer, target.path(), remoteAddress);
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the loop has ended, and the connection with it
    }
  }

  private void decided(
      UpgradeRequest.Valid valid,
      Acceptor.@Nullable Answer answer,
      @Nullable Throwable failure,
      String path,
      String remoteAddress) {
    if (phase != Phase.ANSWERING) {
      return; // the client has gone, or had its answer
    }
    if (answer == null || answer instanceof Acceptor.Later) {
      LOG.log(Level.ERROR, "acceptor failed path=" + path, failure);
      end(INTERNAL_ERROR);
    } else {
      decided(valid, answer, path, remoteAddress);
    }
  }

  private void decided(
      UpgradeRequest.Valid valid, Acceptor.Answer answer, String path, String remoteAddress) {
    switch (answer) {
      case Acceptor.Accept(String chosen, var limits, var open)
          when chosen != null && !valid.subprotocols().contains(chosen) -> {
        LOG.log(
            Level.ERROR,
            "acceptor failed path="
                + path
                + ": subprotocol: "
                + chosen
                + " (expected: an offered one)");
        end(INTERNAL_ERROR);
      }
      case Acceptor.Accept accept -> accept(valid, accept, remoteAddress);
      case Acceptor.Refuse refuse ->
          end(Replies.text(refuse.status(), refuse.text(), refuse.headers()));
      case Acceptor.Later later -> end(INTERNAL_ERROR);
    }
  }

  private void accept(UpgradeRequest.Valid valid, Acceptor.Accept accept, String remoteAddress) {
    Negotiation.Agreed agreed =
        valid.compression() instanceof Negotiation.Agreed compression ? compression : null;
    channel.write(
        ReplyWriter.switching(
            channel.alloc(),
            valid.key(),
            accept.subprotocol(),
            agreed == null ? null : agreed.header()),
        channel.voidPromise());
    phase = Phase.ENDING;
    ByteBuf early = unread.handOver();
    forget();
    channel.config().setAutoRead(true);
    var transport =
        NettyTransport.install(
            channel,
            loop,
            new ConnectionSpec(
                true,
                accept.limits(),
                encrypted,
                agreed == null ? null : agreed.terms(),
                remoteAddress));
    ChannelHandlerContext here = channel.pipeline().context(this);
    if (early != null) {
      here.fireChannelRead(early);
    }
    channel.pipeline().remove(this);
    transport.start(accept.open());
  }

  private String remoteAddress(Fields fields) {
    return Addresses.hostAndPort(
        peerIsTrusted() ? ClientAddress.of(settings.trustedProxies(), peer, fields) : peer);
  }

  private void reply(HttpReply reply, boolean toHead, boolean keepAlive) {
    if (phase == Phase.ENDING) {
      return;
    }
    ByteBuf bytes = keepAlive ? written(reply, toHead, true) : null;
    if (bytes == null) {
      end(reply, toHead);
      return;
    }
    phase = Phase.WRITING;
    channel.writeAndFlush(bytes).addListener(this::answerLeft);
  }

  private void answerLeft(Future<?> written) {
    if (!written.isSuccess()) {
      channel.close();
    } else if (phase == Phase.WRITING) {
      phase = Phase.IDLE;
      expire(settings.handshakeTimeout());
      feed();
    }
  }

  private void end(HttpReply reply) {
    end(reply, phase == Phase.ANSWERING && answeringHead);
  }

  /** Answers for the last time. */
  private void end(HttpReply reply, boolean toHead) {
    ByteBuf bytes = written(reply, toHead, false);
    if (bytes == null) {
      bytes = ReplyWriter.reply(channel.alloc(), INTERNAL_ERROR, toHead, false, strictSeconds);
    }
    if (reply.status() >= 400 && LOG.isLoggable(Level.DEBUG)) {
      LOG.log(
          Level.DEBUG,
          "refused status=" + reply.status() + " remote=" + Addresses.hostAndPort(peer));
    }
    phase = Phase.ENDING;
    forget();
    expire(ANSWER_WITHIN);
    channel.config().setAutoRead(true);
    channel.writeAndFlush(bytes).addListener(this::lastAnswerLeft);
  }

  /** Null, and said in the log, if this is not HTTP. */
  private @Nullable ByteBuf written(HttpReply reply, boolean toHead, boolean keepAlive) {
    try {
      return ReplyWriter.reply(channel.alloc(), reply, toHead, keepAlive, strictSeconds);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "reply is not valid HTTP", e);
      return null;
    }
  }

  /** Drains what still comes, or a reset could overtake the answer. */
  private void lastAnswerLeft(Future<?> written) {
    if (!written.isSuccess() || !(channel instanceof DuplexChannel duplex) || !channel.isActive()) {
      channel.close();
      return;
    }
    expire(LINGER);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      duplex.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
    }
  }

  private void expire(Duration after) {
    if (deadline != null) {
      deadline.cancel();
    }
    deadline = loop.schedule(after, this::expired);
  }

  private void expired() {
    switch (phase) {
      case READING -> end(HttpReply.text(408, "request took too long"));
      case ANSWERING -> end(HttpReply.text(503, "no answer in time"));
      case IDLE, WRITING, ENDING -> channel.close();
    }
  }

  private void forget() {
    head = null;
    unread.release();
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }
}
