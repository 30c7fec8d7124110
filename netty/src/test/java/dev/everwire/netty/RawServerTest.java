package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import dev.everwire.testkit.mock.RawConnection;
import dev.everwire.testkit.mock.RawFrames;
import dev.everwire.testkit.mock.RawServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The testkit's server of bytes, against a client of ours. */
class RawServerTest {
  private final NettyDialer dialer = NettyDialer.create();

  @AfterEach
  void close() {
    dialer.close();
  }

  @Test
  void aGoodServerIsTalkedTo() throws Exception {
    try (RawServer server = RawServer.open()) {
      Dialled dialled = Dialled.with(dialer, server.uri());
      RawConnection connection = server.accept();
      assertThat(connection.request()).startsWith("GET /ws HTTP/1.1");
      assertThat(connection.header("upgrade")).isEqualTo("websocket");
      connection.upgrade();
      var transport = dialled.transport();
      transport
          .loop()
          .execute(() -> {
            transport.ping();
            transport.sendText(ByteBuffer.wrap("grüß dich".getBytes(StandardCharsets.UTF_8)));
          });
      assertThat(connection.hear()).isEqualTo("grüß dich");
      connection.say("one", "x".repeat(70_000));
      connection.write(RawFrames.fragment(RawFrames.TEXT, new byte[] {'a'}));
      connection.write(RawFrames.frame(RawFrames.CONTINUATION, new byte[] {'b'}));
      connection.write(RawFrames.close(4000, "bye"));
      assertThat(connection.closeCode()).isEqualTo(4000);
      connection.end();
      Await.until(dialled.receiver()::isClosed);
      assertThat(dialled.receiver().messages())
          .containsExactly(
              Message.text("one"), Message.text("x".repeat(70_000)), Message.text("ab"));
      assertThat(dialled.receiver().closed()).isEqualTo(new Closed(4000, "bye"));
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("an opcode that is none", RawFrames.frame(3, new byte[] {'a'}), 1002),
        Arguments.of("RSV1", RawFrames.reservedBits(4, "a"), 1002),
        Arguments.of("RSV3", RawFrames.reservedBits(1, "a"), 1002),
        Arguments.of("a masked frame", RawFrames.masked("a"), 1002),
        Arguments.of("no UTF-8", RawFrames.badUtf8(), 1007),
        Arguments.of("too long", RawFrames.announcing(1L << 40, new byte[] {'a'}), 1009),
        Arguments.of(
            "a continuation of nothing",
            RawFrames.frame(RawFrames.CONTINUATION, new byte[] {'a'}),
            1002),
        Arguments.of(
            "a Close of one byte", RawFrames.frame(RawFrames.CLOSE, new byte[] {3}), 1002));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedFramesAreClosedWithTheirCode(String what, byte[] bytes, int code) throws Exception {
    try (RawServer server =
        RawServer.playing(connection -> {
          int told = connection.upgrade().say("good").write(bytes).closeCode();
          assertThat(told).isEqualTo(code);
        })) {
      Dialled dialled = Dialled.with(dialer, server.uri());
      Await.until(dialled.receiver()::isClosed);
      assertThat(Objects.requireNonNull(dialled.receiver().closed()).code())
          .as(what)
          .isEqualTo(code);
      assertThat(dialled.receiver().messages()).containsExactly(Message.text("good"));
    }
  }

  @Test
  void halfAFrameAndTheEndIsALostConnection() throws Exception {
    try (RawServer server =
        RawServer.playing(connection -> connection.upgrade().write(RawFrames.truncated("good")))) {
      Dialled dialled = Dialled.with(dialer, server.uri());
      Await.until(dialled.receiver()::isClosed);
      assertThat(Objects.requireNonNull(dialled.receiver().closed()).code()).isEqualTo(1006);
      assertThat(dialled.receiver().messages()).isEmpty();
    }
  }

  @Test
  void dialsAreRefusedInAnyWords() throws Exception {
    try (RawServer server = RawServer.open()) {
      Dialled busy = Dialled.with(dialer, server.uri());
      server.accept().refuse(503, "Retry-After: 5", "X-Any: thing");
      Dialer.Failure failure = busy.failure().get(10, TimeUnit.SECONDS);
      assertThat(failure.status()).isEqualTo(503);
      assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(5));

      Dialled moved = Dialled.with(dialer, server.uri());
      server.accept().redirect(307, "ws://elsewhere/");
      assertThat(moved.failure().get(10, TimeUnit.SECONDS).status()).isEqualTo(307);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void halfAHandshakeAndSilenceRunsIntoTheTimeout() throws Exception {
    try (RawServer server =
        RawServer.playing(connection -> connection.halfAnUpgrade().awaitEnd())) {
      Dialer.Request request =
          new Dialer.Request(
              server.uri(), Map.of(), List.of(), Duration.ofMillis(300), TransportLimits.CLIENT);
      assertThat(Dialled.with(dialer, request).whyNot()).contains("gave no answer within");
    }
  }

  @Test
  void aClosedServerIsGone() throws Exception {
    RawServer server = RawServer.open();
    Dialled dialled = Dialled.with(dialer, server.uri());
    server.accept().upgrade();
    assertThat(dialled.transport()).isNotNull();
    server.close();
    Await.until(dialled.receiver()::isClosed);
    assertThatThrownBy(server::accept).isInstanceOf(IOException.class);
    assertThat(Dialled.with(dialer, server.uri()).whyNot()).isNotEmpty();
  }
}
