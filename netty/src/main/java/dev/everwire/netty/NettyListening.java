package dev.everwire.netty;

import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.util.List;

/** A bound port and the loops that serve it. */
final class NettyListening implements Listener.Listening {
  private static final long CLOSE_MILLIS = 1000;

  private final Channel serverChannel;
  private final EventLoops eventLoops;
  private final InetSocketAddress address;

  NettyListening(Channel serverChannel, EventLoops eventLoops) {
    this.serverChannel = serverChannel;
    this.eventLoops = eventLoops;
    this.address = (InetSocketAddress) serverChannel.localAddress();
  }

  @Override
  public String host() {
    return Addresses.host(address);
  }

  @Override
  public int port() {
    return address.getPort();
  }

  @Override
  public List<Loop> loops() {
    return List.copyOf(eventLoops.loops());
  }

  @Override
  public void stopAccepting() {
    serverChannel.close();
  }

  @Override
  public void close() {
    ChannelFuture stopped = serverChannel.close();
    if (eventLoops.loops().stream().noneMatch(NettyLoop::inLoop)) {
      stopped.awaitUninterruptibly(CLOSE_MILLIS); // what was accepted is with its loop after this
    }
    eventLoops.close();
  }
}
