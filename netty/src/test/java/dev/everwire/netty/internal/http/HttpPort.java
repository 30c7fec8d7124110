package dev.everwire.netty.internal.http;

import dev.everwire.netty.Buffers;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A port on one loop with nothing but HTTP, whose buffers and connections are counted. */
final class HttpPort implements Acceptor, AutoCloseable {
  private final Buffers buffers = new Buffers();
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Handshake> handshakes = new LinkedBlockingQueue<>();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Lobby lobby = new Lobby(Integer.MAX_VALUE);
  private final Channel server;
  private volatile Function<Handshake, Answer> upgrade = // set by the test, read on the loop
      handshake -> new Accept(null, TransportLimits.SERVER, HttpPort::echo);
  private volatile BiConsumer<HttpRequest, Consumer<HttpReply>> http = // as upgrade
      (request, reply) -> reply.accept(HttpReply.text(200, "hello"));

  HttpPort(HttpSettings settings) {
    this(settings, null);
  }

  HttpPort(HttpSettings settings, @Nullable SslContext tls) {
    var loop = new NettyLoop((SingleThreadEventLoop) group.next());
    server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, buffers.allocator())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    open.add(channel);
                    channel.closeFuture().addListener(closed -> open.remove(channel));
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    HttpServer.install(channel, loop, HttpPort.this, settings, lobby, tls != null);
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  HttpPort upgrade(Function<Handshake, Answer> answer) {
    upgrade = answer;
    return this;
  }

  HttpPort http(BiConsumer<HttpRequest, Consumer<HttpReply>> answer) {
    http = answer;
    return this;
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  Handshake handshake() throws InterruptedException {
    Handshake handshake = handshakes.poll(10, TimeUnit.SECONDS);
    if (handshake == null) {
      throw new AssertionError("no handshake");
    }
    return handshake;
  }

  long usedBytes() {
    return buffers.used();
  }

  void awaitNoConnections() {
    Await.until(open::isEmpty);
  }

  static RecordingReceiver echo(Transport transport) {
    return new RecordingReceiver(message -> {
      ByteBuffer bytes = ByteBuffer.wrap(message.bytes());
      if (message.text()) {
        transport.sendText(bytes);
      } else {
        transport.sendBinary(bytes);
      }
    });
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    handshakes.add(handshake);
    return upgrade.apply(handshake);
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    http.accept(request, reply);
  }

  @Override
  public void close() {
    awaitNoConnections();
    Await.until(() -> lobby.inside() == 0);
    server.close().syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    buffers.assertAllFreed();
  }
}
