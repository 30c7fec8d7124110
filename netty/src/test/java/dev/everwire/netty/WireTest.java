package dev.everwire.netty;

import static dev.everwire.netty.RawClient.frame;
import static dev.everwire.netty.RawClient.hex;
import static dev.everwire.netty.RawClient.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.RawClient.Frame;
import dev.everwire.netty.Station.Visitor;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server does with frames as they come over a socket, good and bad ones. */
class WireTest {
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xA;

  private Station station;

  @BeforeEach
  void open() throws IOException {
    station = Station.open();
  }

  @AfterEach
  void close() {
    station.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not masked                    | 81 02 6869                         | 1002
          reserved bit                  | C1 80 00000000                     | 1002
          reserved data opcode          | 83 80 00000000                     | 1002
          reserved control opcode       | 8B 80 00000000                     | 1002
          control frame in fragments    | 09 80 00000000                     | 1002
          ping of 126 bytes             | 89 FE 007E 00000000                | 1002
          nothing to be continued       | 80 80 00000000                     | 1002
          text inside a fragmented one  | 01 81 00000000 61 81 81 00000000   | 1002
          length not the shortest       | 81 FE 0005 00000000 6162636465     | 1002
          negative length               | 81 FF FFFFFFFFFFFFFFFF 00000000    | 1002
          close with half a code        | 88 81 00000000 03                  | 1002
          close with a reserved code    | 88 82 00000000 03ED                | 1002
          close reason is not UTF-8     | 88 83 00000000 03E8 FF             | 1007
          text is not UTF-8             | 81 82 00000000 C328                | 1007
          text ends inside a character  | 81 82 00000000 E282                | 1007
          surrogate in a text           | 81 83 00000000 EDA080              | 1007
          bad text in second fragment   | 01 81 00000000 61 80 81 00000000 FF | 1007
          longer than 10 MiB            | 82 FF 0000000000A00001 00000000    | 1009
          """)
  void aBreachIsAnsweredWithOneCloseFrame(String breach, String bytes, int code)
      throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(hex(bytes));
      Frame frame = client.frame();
      assertThat(frame.opcode()).isEqualTo(CLOSE);
      assertThat(frame.closeCode()).isEqualTo(code);
      assertThat(frame.closeReason()).isNotBlank();
      assertThat(client.atEnd()).isTrue();
      client.shutdownOutput();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(code, frame.closeReason()));
      assertThat(visitor.receiver().messages()).isEmpty();
      visitor.receiver().assertEndedOnce();
    }
  }

  @Test
  void fragmentsAreJoinedAroundPings() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      byte[] euro = "€".getBytes(UTF_8);
      client.send(frame(0x01, "a".getBytes(UTF_8)));
      client.send(frame(0x00, new byte[] {euro[0]}));
      client.send(frame(0x89, "are you there".getBytes(UTF_8)));
      client.send(frame(0x00, new byte[] {euro[1], euro[2]}));
      client.send(frame(0x00, new byte[0]));
      client.send(frame(0x80, "z".getBytes(UTF_8)));
      assertThat(client.frame()).isEqualTo(new Frame(PONG, "are you there"));
      assertThat(client.frame().opcode()).isEqualTo(1);
      assertThat(station.visitor().receiver().messages()).containsExactly(Message.text("a€z"));
    }
  }

  @Test
  void joinedFragmentsAreBoundedToo() throws IOException {
    station.limits(TransportLimits.SERVER.withMaxMessageBytes(100));
    try (var client = RawClient.upgraded(station.port())) {
      client.send(frame(0x02, new byte[60]));
      client.send(frame(0x00, new byte[40]));
      client.send(frame(0x80, new byte[1]));
      Frame frame = client.frame();
      assertThat(frame.closeCode()).isEqualTo(1009);
      assertThat(frame.closeReason()).isEqualTo("message longer than 100 bytes");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void manyFramesInOneSegmentAreAnsweredWithOneFlush() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      var segment = new ByteArrayOutputStream();
      for (int i = 0; i < 32; i++) {
        segment.writeBytes(text("message " + i));
      }
      long before = visitor.flushes();
      client.send(segment.toByteArray());
      for (int i = 0; i < 32; i++) {
        assertThat(client.frame()).isEqualTo(new Frame(1, "message " + i));
      }
      assertThat(visitor.flushes() - before).isEqualTo(1);
    }
  }

  @Test
  void framesRightBehindTheUpgradeRequestAreDelivered() throws IOException {
    try (var client = new RawClient(station.port())) {
      var segment = new ByteArrayOutputStream();
      segment.writeBytes(RawClient.upgradeRequest().getBytes(UTF_8));
      segment.writeBytes(text("early"));
      segment.writeBytes(text("bird"));
      client.send(segment.toByteArray());
      assertThat(client.response().status()).isEqualTo(101);
      assertThat(client.frame()).isEqualTo(new Frame(1, "early"));
      assertThat(client.frame()).isEqualTo(new Frame(1, "bird"));
    }
  }

  @Test
  void framesCutAtEveryByteAreUnderstood() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      for (byte b : text("slowly, slowly")) {
        client.send(new byte[] {b});
      }
      assertThat(client.frame()).isEqualTo(new Frame(1, "slowly, slowly"));
    }
  }

  @Test
  void aPartialFrameCountsAsReceived() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      long before = visitor.on(Transport::lastReceivedAt);
      client.send(new byte[] {(byte) 0x81});
      Await.until(() -> visitor.on(Transport::lastReceivedAt) > before);
      assertThat(visitor.receiver().messages()).isEmpty();
    }
  }

  @Test
  void vanishingInTheMiddleOfAFrameIsAnAbnormalEnd() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(frame(0x01, new byte[100])); // a message that is never finished
      client.send(hex("80 FE 0100 00000000 61"));
      client.vanish();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      visitor.receiver().assertEndedOnce();
    }
  }

  @Test
  void aHalfClosedConnectionIsAnAbnormalEnd() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(text("last words"));
      client.shutdownOutput();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      assertThat(visitor.receiver().messages()).containsExactly(Message.text("last words"));
    }
  }

  @Test
  void aCloseFrameIsEchoedOnceAndTheServerEndsTheConnection() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(text("before"));
      client.send(frame(0x88, hex("0FA0 627965")));
      client.send(text("after"));
      assertThat(client.frame()).isEqualTo(new Frame(1, "before"));
      Frame echo = client.frame();
      assertThat(echo.opcode()).isEqualTo(CLOSE);
      assertThat(echo.closeCode()).isEqualTo(4000);
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(4000, "bye"));
      assertThat(visitor.receiver().messages()).containsExactly(Message.text("before"));
    }
  }

  @Test
  void anEmptyCloseFrameHasNoStatus() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(frame(0x88, new byte[0]));
      assertThat(client.frame()).isEqualTo(new Frame(CLOSE, ""));
      assertThat(client.atEnd()).isTrue();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(1005, ""));
    }
  }

  @Test
  void oursIsTheOnlyCloseFrameIfTheServerBegins() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      visitor.transport().loop().execute(() -> visitor.transport().close(4000, "drain"));
      Frame frame = client.frame();
      assertThat(frame.closeCode()).isEqualTo(4000);
      client.send(text("late")); // crosses; is dropped
      client.send(frame(0x88, hex("0FA0")));
      assertThat(client.atEnd()).isTrue();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().messages()).isEmpty();
    }
  }

  @Test
  void aCloseThatIsNeverAnsweredEndsAfterItsTimeout() throws IOException {
    station.limits(new TransportLimits(1000, 1000, 10, Duration.ofMillis(200)));
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      visitor.transport().loop().execute(() -> visitor.transport().close(4000, ""));
      assertThat(client.frame().closeCode()).isEqualTo(4000);
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(4000, ""));
    }
  }

  @Test
  void pingsOfAPeerThatDoesNotReadDoNotPileUp() throws IOException {
    station.limits(TransportLimits.SERVER.withMaxQueued(10_000, 100));
    try (var client = RawClient.upgradedWithSmallWindow(station.port())) {
      Visitor visitor = station.visitor();
      int sent = fill(visitor);
      long queued = visitor.on(Transport::queuedBytes);
      for (int i = 1; i <= 8; i++) {
        client.send(pings(1000, "ping " + i));
      }
      client.send(frame(0x8A, new byte[0]));
      client.send(frame(0x82, new byte[0]));
      Await.until(() -> visitor.receiver().count() == 1);
      assertThat(visitor.on(Transport::queuedBytes)).isLessThan(queued + 10);
      assertThat(visitor.on(Transport::open)).isTrue();
      for (int i = 0; i < sent; i++) {
        assertThat(client.frame().opcode()).isEqualTo(2);
      }
      assertThat(client.frame()).isEqualTo(new Frame(2, "")); // the echo
      assertThat(client.frame()).isEqualTo(new Frame(PONG, "ping 8"));
    }
  }

  @Test
  void everyPingOfABurstIsAnswered() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      client.send(pings(1000, "again"));
      for (int i = 0; i < 1000; i++) {
        assertThat(client.frame()).isEqualTo(new Frame(PONG, "again"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x89, 0x8A})
  void aFloodOfControlFramesEndsTheConnection(int first) throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      byte[] flood = frame(first, new byte[0]);
      var many = new ByteArrayOutputStream();
      for (int i = 0; i < 200_000; i++) {
        many.writeBytes(flood);
      }
      client.send(many.toByteArray());
      client.shutdownOutput();
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed())
          .isEqualTo(new Closed(1008, "too many control frames"));
      visitor.receiver().assertEndedOnce();
    }
  }

  @Test
  void aFloodOfEmptyFragmentsEndsTheConnection() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      client.send(frame(0x01, new byte[0]));
      var many = new ByteArrayOutputStream();
      for (int i = 0; i < 2000; i++) {
        many.writeBytes(frame(0x00, new byte[0]));
      }
      client.send(many.toByteArray());
      assertThat(client.frame().closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void fourMebibytesInSmallFragmentsAreTaken() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      var all = new ByteArrayOutputStream();
      byte[] piece =
          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".getBytes(UTF_8);
      int pieces = 4 * 1024 * 1024 / piece.length;
      for (int i = 0; i < pieces; i++) {
        all.writeBytes(frame(i == 0 ? 0x01 : i == pieces - 1 ? 0x80 : 0x00, piece));
      }
      client.send(all.toByteArray());
      Await.until(() -> visitor.receiver().count() == 1);
      assertThat(visitor.receiver().messages().getFirst().content()).hasSize(4 * 1024 * 1024);
    }
  }

  @Test
  void whatIsAnnouncedAndNotSentCostsLittle() throws IOException {
    try (var client = RawClient.upgraded(station.port())) {
      Visitor visitor = station.visitor();
      client.send(hex("82 FF 0000000000A00000 00000000 01"));
      Await.until(() -> station.usedBytes() > 0);
      client.send(new byte[100_000]);
      long before = visitor.on(Transport::lastReceivedAt);
      client.send(new byte[1]);
      Await.until(() -> visitor.on(Transport::lastReceivedAt) > before);
      assertThat(station.usedBytes()).isLessThan(300_000L);
    }
  }

  private static byte[] pings(int count, String payload) {
    var pings = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      pings.writeBytes(frame(0x89, payload.getBytes(UTF_8)));
    }
    return pings.toByteArray();
  }

  /** Sends until the queue is more than half full and no more fits. */
  private static int fill(Visitor visitor) {
    int sent = 0;
    while (visitor.on(transport -> transport.sendBinary(ByteBuffer.allocate(3000)))
        == Offer.QUEUED) {
      sent++;
    }
    return sent;
  }

  @Test
  void connectionsThatIdleHoldNoBuffers() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        RawClient client = RawClient.upgraded(station.port());
        clients.add(client);
        client.send(text("hello"));
        assertThat(client.frame()).isEqualTo(new Frame(1, "hello"));
      }
      Await.until(() -> station.usedBytes() == 0);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aPingBehindALargeAnswerOfTheSamePassIsAnswered() throws Exception {
    try (Station small = Station.open().limits(TransportLimits.SERVER.withMaxQueued(1000, 100));
        RawClient client = RawClient.upgraded(small.port())) {
      var both = new ByteArrayOutputStream();
      both.writeBytes(text("x".repeat(600)));
      both.writeBytes(frame(0x89, new byte[] {'h', 'i'}));
      client.send(both.toByteArray());

      assertThat(client.frame().opcode()).isEqualTo(0x1);
      assertThat(client.frame().opcode()).isEqualTo(0xA);
    }
  }
}
