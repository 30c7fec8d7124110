package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.server.Server;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code everwire echo} against a server that sends first. */
final class EchoIT {
  private static final TransportLimits LIMITS =
      TransportLimits.SERVER.withMaxMessageBytes(64 * 1024 * 1024);

  @Test
  void messagesComeBackAsTheKindTheyWereUntilTheConnectionIsClosed() throws Exception {
    byte[] large = new byte[20 * 1024 * 1024];
    new Random(7).nextBytes(large);
    BlockingQueue<Object> back = new LinkedBlockingQueue<>();
    try (Server server =
            Everwire.server(0)
                .raw("/x", LIMITS, transport -> new Asking(transport, back, large))
                .drainFor(Duration.ofSeconds(1))
                .start();
        Program echo = Program.everwire("echo", "ws://127.0.0.1:" + server.port() + "/x")) {
      assertThat(next(back)).isEqualTo("grün");
      assertThat(next(back)).isEqualTo(new byte[] {0, 1, -1});
      assertThat(next(back)).isEqualTo("");
      assertThat(next(back)).isEqualTo(large);
      assertThat(next(back)).isEqualTo("last");
      assertThat(echo.exit()).as("%s", echo).isZero();
      assertThat(echo.outLines(0)).isEmpty();
      assertThat(echo.errLines()).containsExactly("closed 4321");
    }
  }

  private static Object next(BlockingQueue<Object> back) throws InterruptedException {
    Object message = back.poll(30, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came back");
    }
    return message;
  }

  /** Sends the next message when the last one has come back, then closes. */
  private record Asking(Transport transport, BlockingQueue<Object> back, byte[] large)
      implements Receiver {
    Asking {
      transport.loop().execute(() -> text(transport, "grün"));
    }

    @Override
    public void onText(ByteBuffer utf8) {
      String text = StandardCharsets.UTF_8.decode(utf8).toString();
      back.add(text);
      switch (text) {
        case "grün" -> transport.sendBinary(ByteBuffer.wrap(new byte[] {0, 1, -1}));
        case "" -> transport.sendBinary(ByteBuffer.wrap(large));
        default -> transport.close(4321, "done");
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      back.add(copy);
      text(transport, copy.length == 3 ? "" : "last");
    }

    @Override
    public void onClosed(int code, String reason) {}

    private static void text(Transport transport, String text) {
      transport.sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
