package dev.everwire.netty.internal.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Takes what a load balancer said before the first byte of its client (PROXY protocol, versions 1
 * and 2). Leaves the pipeline with it.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  /** For the fields of version 2 that are not addresses; some carry a certificate's names. */
  static final int MAX_EXTRA_BYTES = 4 * 1024;

  private final Consumer<InetSocketAddress> source;

  ProxyHeader(Consumer<InetSocketAddress> source) {
    this.source = source;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      // LOCAL is the proxy speaking for itself; of other families nothing is known
      AddressFamily family = header.proxiedProtocol().addressFamily();
      if (header.command() == HAProxyCommand.PROXY
          && (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6)) {
        InetSocketAddress address =
            ClientAddress.address(header.sourceAddress(), header.sourcePort());
        if (address != null) {
          source.accept(address);
        }
      }
    } finally {
      header.release();
      ctx.pipeline().remove(this);
    }
  }
}
