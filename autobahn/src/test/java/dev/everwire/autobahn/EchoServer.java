package dev.everwire.autobahn;

import dev.everwire.netty.NettyListener;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import java.io.IOException;
import java.util.function.Consumer;

/** The server under test. */
final class EchoServer implements Acceptor, AutoCloseable {
  private final Listener.Listening listening;

  EchoServer() throws IOException {
    listening = NettyListener.on(0).compression(Echo.COMPRESSION).listen(this);
  }

  String url() {
    return "ws://" + listening.host() + ":" + listening.port();
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    return new Accept(null, Echo.LIMITS, transport -> new Echo(transport, () -> {}));
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    reply.accept(HttpReply.text(404, "only WebSockets here"));
  }

  @Override
  public void close() {
    listening.close();
  }
}
