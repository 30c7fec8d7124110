package dev.everwire.it.interop;

import dev.everwire.app.demo.RawEcho;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.netty.NettyListener;
import dev.everwire.server.Server;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Everwire in this process, for what the program has no option for: echoes at {@code /echo}, and at
 * {@code /who} answers each text with the address that it takes for the peer's.
 */
final class Local implements AutoCloseable {
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final Server server;

  Local(NettyListener listener) throws IOException {
    server =
        Server.builder()
            .listen(listener)
            .values(JacksonValues.create())
            .raw("/echo", RawEcho.LIMITS, RawEcho::new)
            .raw("/who", RawEcho.LIMITS, Who::new)
            .admission(handshake -> {
              asked.add(handshake.remoteAddress());
              return Optional.empty();
            })
            .drainFor(Duration.ofMillis(100))
            .start();
  }

  int port() {
    return server.port();
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  /** The addresses that connections asked from, oldest first. */
  BlockingQueue<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.close();
  }

  private record Who(Transport transport) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      byte[] address = transport.remoteAddress().getBytes(StandardCharsets.UTF_8);
      var unused = transport.sendText(ByteBuffer.wrap(address));
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
