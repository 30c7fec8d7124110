package dev.everwire.netty;

import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;

/** What a listener binds. */
sealed interface Place {

  /**
   * @throws IOException with one sentence that says why it cannot be bound
   */
  Bound bind(ServerBootstrap bootstrap, EventLoops loops) throws IOException;

  /**
   * @param released what is to be done once nothing is accepted any more
   */
  record Bound(Channel channel, String host, int port, Runnable released) {}

  record Port(String host, int port) implements Place {
    @Override
    public Bound bind(ServerBootstrap bootstrap, EventLoops loops) throws IOException {
      ChannelFuture bound =
          bootstrap
              .channelFactory(loops.serverChannel())
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .bind(new InetSocketAddress(host, port))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(whyNotBound(bound.cause()), bound.cause());
      }
      var address = (InetSocketAddress) bound.channel().localAddress();
      return new Bound(bound.channel(), Addresses.host(address), address.getPort(), () -> {});
    }

    private String whyNotBound(Throwable cause) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("in use")) {
        return "port " + port + " on " + host + " is already in use";
      }
      if (message.contains("permission denied")) {
        return "port " + port + " on " + host + " needs more rights than this user has";
      }
      if (message.contains("cannot assign") || message.contains("can't assign")) {
        return host + " is not an address of this machine";
      }
      if (new InetSocketAddress(host, port).isUnresolved()) {
        return "host " + host + " is not known";
      }
      return "port " + port + " on " + host + " cannot be listened on";
    }
  }

  record Unix(Path path, Set<PosixFilePermission> permissions) implements Place {
    @Override
    public Bound bind(ServerBootstrap bootstrap, EventLoops loops) throws IOException {
      SocketFile file = SocketFile.claim(path);
      ChannelFuture bound =
          bootstrap
              .channelFactory(loops.unixServerChannel())
              .bind(loops.unixAddress(file.bindAt()))
              .awaitUninterruptibly();
      try {
        if (!bound.isSuccess()) {
          throw new IOException(file + " cannot be listened on", bound.cause());
        }
        file.publish(permissions);
      } catch (IOException e) {
        bound.channel().close();
        file.remove();
        throw e;
      }
      return new Bound(bound.channel(), file.toString(), 0, file::remove);
    }
  }
}
