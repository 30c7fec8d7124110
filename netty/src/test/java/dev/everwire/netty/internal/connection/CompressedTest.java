package dev.everwire.netty.internal.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.internal.connection.Sockets.End;
import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.netty.internal.deflate.Deflaters;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that agreed on permessage-deflate. */
class CompressedTest {
  private static final DeflateTerms PLAIN = new DeflateTerms(1, 64, false, false, 15, 15);
  private static final DeflateTerms TAKEOVER = new DeflateTerms(6, 64, true, true, 15, 15);

  private final Sockets sockets = new Sockets();

  @AfterEach
  void everythingIsFreed() {
    sockets.close();
  }

  @ParameterizedTest
  @CsvSource({
    "false, 15",
    "false, 8",
    "false, 9",
    "true, 15",
    "true, 9",
    "true, 12",
  })
  void messagesArriveAsTheyWereSent(boolean takeover, int windowBits) {
    sockets.terms(new DeflateTerms(1, 0, takeover, takeover, windowBits, windowBits));
    sockets.then(CompressedTest::echo);
    End client = sockets.client();
    List<Message> sent = new ArrayList<>();
    var random = new Random(windowBits);
    for (int i = 0; i < 60; i++) {
      byte[] bytes = new byte[i * i * 3];
      random.nextBytes(bytes);
      sent.add(Message.text("€ and again ".repeat(i * i)));
      sent.add(Message.binary(bytes));
    }
    for (Message message : sent) {
      client.run(transport -> echo(transport, message));
    }
    Await.until(() -> client.receiver().count() == sent.size());
    assertThat(client.receiver().messages()).isEqualTo(sent);
  }

  @Test
  void whatCanBeSaidShorterIs() {
    sockets.terms(PLAIN);
    End client = sockets.client();
    client.run(transport -> {
      assertThat(transport.sendText(text("x".repeat(10_000)))).isEqualTo(Offer.QUEUED);
      assertThat(transport.queuedBytes()).isLessThan(100);
    });
    End server = sockets.server();
    Await.until(() -> server.receiver().count() == 1);
    assertThat(server.receiver().messages()).containsExactly(Message.text("x".repeat(10_000)));
  }

  @Test
  void shortMessagesAndWhatDoesNotShrinkGoAsTheyAre() {
    sockets.terms(PLAIN);
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    End client = sockets.client();
    client.run(transport -> {
      assertThat(transport.sendText(text("x".repeat(63)))).isEqualTo(Offer.QUEUED);
      assertThat(transport.queuedBytes()).isEqualTo(2 + 4 + 63);
      assertThat(transport.sendBinary(ByteBuffer.wrap(noise))).isEqualTo(Offer.QUEUED);
      assertThat(transport.queuedBytes()).isEqualTo(2 + 4 + 63 + 4 + 4 + 1000);
    });
    End server = sockets.server();
    Await.until(() -> server.receiver().count() == 2);
    assertThat(server.receiver().messages())
        .containsExactly(Message.text("x".repeat(63)), Message.binary(noise));
  }

  @ParameterizedTest
  @CsvSource({"1000", "100000"})
  void aBroadcastIsCompressedOnceForAllWhoAgreedOnTheSame(int length) {
    byte[] noise = new byte[length / 2]; // so that large ones stay large
    new Random(2).nextBytes(noise);
    String hex = HexFormat.of().formatHex(noise);
    List<End> clients = new ArrayList<>();
    List<End> servers = new ArrayList<>();
    for (DeflateTerms terms : new DeflateTerms[] {PLAIN, PLAIN, null, TAKEOVER, TAKEOVER}) {
      sockets.terms(terms);
      clients.add(sockets.client());
      servers.add(sockets.server());
    }
    for (int round = 0; round < 3; round++) {
      Encoded shared = Encoded.text((round + hex).getBytes(UTF_8));
      String own = round + "only you " + hex.substring(0, 200);
      for (End server : servers) {
        server.run(transport -> {
          assertThat(transport.sendText(text(own))).isEqualTo(Offer.QUEUED);
          assertThat(transport.send(shared)).isEqualTo(Offer.QUEUED);
          assertThat(transport.sendText(text(own))).isEqualTo(Offer.QUEUED);
        });
      }
      for (DeflateTerms terms : List.of(PLAIN, TAKEOVER)) {
        SharedFrame made =
            shared.variant(
                terms.sharedForm(),
                SharedFrame.class,
                message -> {
                  throw new AssertionError("not made yet");
                });
        assertThat(made.compressed()).isTrue();
      }
      shared.release();
      int expected = 3 * (round + 1);
      for (End client : clients) {
        Await.until(() -> client.receiver().count() == expected);
        assertThat(client.receiver().messages().subList(expected - 3, expected))
            .containsExactly(Message.text(own), Message.text(round + hex), Message.text(own));
      }
    }
  }

  @Test
  void aBombIsRefusedAtTheLimit() {
    sockets.terms(PLAIN);
    sockets.limits(TransportLimits.SERVER.withMaxMessageBytes(100_000));
    End client = sockets.client();
    End server = sockets.server();
    client.run(transport -> transport.sendBinary(ByteBuffer.allocate(100_000)));
    Await.until(() -> server.receiver().count() == 1);
    client.run(transport -> transport.sendBinary(ByteBuffer.allocate(50_000_000)));
    Await.until(server.receiver()::isClosed);
    assertThat(server.receiver().closed())
        .isEqualTo(new Closed(1009, "message longer than 100000 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense              | C1 83 00000000 FFFFFF | compressed data is not valid
          inflates to no text   | C1 84 00000000 FA0F 0000 | text is not UTF-8
          """)
  void badDataEndsTheConnection(String name, String frame, String reason) throws IOException {
    sockets.terms(PLAIN);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), sockets.port())) {
      socket.getOutputStream().write(HexFormat.of().parseHex(frame.replace(" ", "")));
      socket.shutdownOutput();
      End server = sockets.server();
      Await.until(server.receiver()::isClosed);
      assertThat(server.receiver().closed()).isEqualTo(new Closed(1007, reason));
    }
  }

  @Test
  void nothingIsHeldBetweenMessagesWithoutTakeover() {
    sockets.terms(PLAIN);
    sockets.then(CompressedTest::echo);
    End client = sockets.client();
    for (int i = 1; i <= 3; i++) {
      int expected = i;
      client.run(transport -> transport.sendText(text("again ".repeat(1000))));
      Await.until(() -> client.receiver().count() == expected);
    }
    int alive = client.on(transport -> deflaters(client).alive());
    assertThat(alive).isLessThanOrEqualTo(2);
    Await.until(() -> sockets.usedBytes() == 0);
  }

  @Test
  void whatATakeoverHoldsEndsWithTheConnection() {
    sockets.terms(TAKEOVER);
    sockets.then(CompressedTest::echo);
    List<End> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      End client = sockets.client();
      clients.add(client);
      client.run(transport -> transport.sendText(text("again ".repeat(1000))));
      Await.until(() -> client.receiver().count() == 1);
    }
    clients.forEach(client -> client.run(Transport::abort));
    clients.forEach(client -> Await.until(client.receiver()::isClosed));
    End any = clients.getFirst();
    Await.until(() -> any.on(transport -> deflaters(any).alive()) <= 2 + 16);
  }

  private static Deflaters deflaters(End end) {
    return end.loop().part(Deflaters.class, Deflaters::new);
  }

  private static void echo(Transport transport, Message message) {
    ByteBuffer bytes = ByteBuffer.wrap(message.bytes());
    assertThat(message.text() ? transport.sendText(bytes) : transport.sendBinary(bytes))
        .isEqualTo(Offer.QUEUED);
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
