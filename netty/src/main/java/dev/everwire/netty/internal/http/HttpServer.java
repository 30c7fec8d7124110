package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Acceptor;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

/** Has an accepted connection speak HTTP. */
public final class HttpServer {
  private HttpServer() {}

  /**
   * Puts the HTTP handlers behind what the pipeline has, which are those of TLS if there are any.
   * To be called when the channel is initialised: the deadline of the first request begins here.
   *
   * @param lobby counts it until it is a WebSocket or closed
   * @param encrypted whether TLS stands between here and the socket
   */
  public static void install(
      Channel channel,
      NettyLoop loop,
      Acceptor acceptor,
      HttpSettings settings,
      Lobby lobby,
      boolean encrypted) {
    var http = new HttpConnection(channel, loop, acceptor, settings, lobby, encrypted);
    channel.pipeline().addLast(http);
    if (settings.proxyProtocol() && http.peerIsTrusted()) {
      // before TLS; of anybody else such a header is a request that is not valid
      channel
          .pipeline()
          .addFirst(
              new HAProxyMessageDecoder(ProxyHeader.MAX_EXTRA_BYTES),
              new ProxyHeader(http::cameFrom));
    }
  }
}
