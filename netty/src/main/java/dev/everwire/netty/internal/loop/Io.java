package dev.everwire.netty.internal.loop;

import dev.everwire.netty.options.IoTransport;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;

/** The channels that belong to one way of talking to the operating system. */
enum Io {
  EPOLL(
      EpollServerSocketChannel::new,
      EpollSocketChannel::new,
      EpollServerDomainSocketChannel::new,
      Io::nativeAddress) {
    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }
  },

  IO_URING(
      IoUringServerSocketChannel::new,
      IoUringSocketChannel::new,
      IoUringServerDomainSocketChannel::new,
      Io::nativeAddress) {
    @Override
    IoHandlerFactory handlers() {
      return IoUringIoHandler.newFactory();
    }
  },

  NIO(
      NioServerSocketChannel::new,
      NioSocketChannel::new,
      NioServerDomainSocketChannel::new,
      UnixDomainSocketAddress::of) {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }
  };

  final ChannelFactory<? extends ServerChannel> server;
  final ChannelFactory<? extends SocketChannel> client;
  final ChannelFactory<? extends ServerChannel> unixServer;
  final Function<Path, SocketAddress> unixAddress;

  Io(
      ChannelFactory<? extends ServerChannel> server,
      ChannelFactory<? extends SocketChannel> client,
      ChannelFactory<? extends ServerChannel> unixServer,
      Function<Path, SocketAddress> unixAddress) {
    this.server = server;
    this.client = client;
    this.unixServer = unixServer;
    this.unixAddress = unixAddress;
  }

  abstract IoHandlerFactory handlers();

  /**
   * @throws IllegalStateException if what was asked for does not load here
   */
  static Io of(IoTransport asked) {
    return switch (asked) {
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
      case EPOLL -> loaded(EPOLL, "epoll", Epoll.unavailabilityCause());
      case IO_URING -> loaded(IO_URING, "io_uring", IoUring.unavailabilityCause());
      case NIO -> NIO;
    };
  }

  private static Io loaded(Io io, String name, Throwable whyNot) {
    if (whyNot != null) {
      throw new IllegalStateException(
          name + " cannot be had on this machine: " + rootOf(whyNot).getMessage(), whyNot);
    }
    return io;
  }

  private static Throwable rootOf(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static SocketAddress nativeAddress(Path path) {
    return new DomainSocketAddress(path.toFile());
  }
}
