package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.options.IoTransport;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Connections that are open from the first byte, on real sockets, with counted buffers. */
final class Sockets implements AutoCloseable {

  /** One end. */
  record End(NettyTransport transport, RecordingReceiver receiver) {
    <T> T on(Function<NettyTransport, T> action) {
      var result = new CompletableFuture<T>();
      transport
          .loop()
          .execute(() -> {
            try {
              result.complete(action.apply(transport));
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(e);
            }
          });
      return result.join();
    }

    void run(Consumer<NettyTransport> action) {
      on(transport -> {
        action.accept(transport);
        return true;
      });
    }

    NettyLoop loop() {
      return (NettyLoop) transport.loop();
    }
  }

  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
  private final EventLoops loops = EventLoops.start("everwire-test", 1, true, IoTransport.AUTO);
  private final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();
  private final Channel listening;
  private volatile TransportLimits limits = // set by the test, read on the loop
      TransportLimits.SERVER;
  private volatile @Nullable DeflateTerms terms; // as limits
  private volatile BiConsumer<Transport, RecordingReceiver.Message> then = // as limits
      (transport, message) -> {};

  Sockets() {
    listening =
        new ServerBootstrap()
            .group(loops.group())
            .channelFactory(loops.serverChannel())
            .childOption(ChannelOption.ALLOCATOR, buffers)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    loops.of(channel.eventLoop()).adopt(channel);
                    accepted.add(start(channel, true));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  Sockets limits(TransportLimits next) {
    limits = next;
    return this;
  }

  Sockets terms(@Nullable DeflateTerms next) {
    terms = next;
    return this;
  }

  /** What servers do with a message. */
  Sockets then(BiConsumer<Transport, RecordingReceiver.Message> next) {
    then = next;
    return this;
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  End client() {
    var opened = new CompletableFuture<End>();
    new Bootstrap()
        .group(loops.group())
        .channelFactory(loops.channel())
        .option(ChannelOption.ALLOCATOR, buffers)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                loops.of(channel.eventLoop()).adopt(channel);
                opened.complete(start(channel, false));
              }
            })
        .connect(listening.localAddress())
        .syncUninterruptibly();
    return opened.join();
  }

  End server() {
    Await.until(() -> !accepted.isEmpty());
    return accepted.remove();
  }

  long usedBytes() {
    return buffers.metric().usedDirectMemory() + buffers.metric().usedHeapMemory();
  }

  @Override
  public void close() {
    loops.close();
    Await.until(() -> usedBytes() == 0);
  }

  private End start(Channel channel, boolean server) {
    NettyLoop loop = loops.of(channel.eventLoop());
    var spec = new ConnectionSpec(server, limits, false, terms, "test:1");
    NettyTransport transport = NettyTransport.install(channel, loop, spec);
    var receiver =
        new RecordingReceiver(message -> {
          if (server) {
            then.accept(transport, message);
          }
        });
    transport.start(opened -> receiver);
    return new End(transport, receiver);
  }
}
