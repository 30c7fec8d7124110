package dev.everwire.netty.internal.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.internal.connection.Sockets.End;
import dev.everwire.netty.internal.loop.Passenger;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection holds is bounded while it lives and free when it is gone, however it ends. */
class FreedTest {
  private static final int MIB = 1024 * 1024;

  private final Sockets sockets = new Sockets();

  @AfterEach
  void everythingIsFreed() {
    sockets.close();
  }

  @Test
  void aPeerThatNeverReadsCostsItsQueueAndNoMore() throws IOException {
    sockets.limits(TransportLimits.SERVER.withMaxQueued(MIB, 10_000));
    try (Socket silent = socket()) {
      End server = sockets.server();
      for (int i = 0; i < 300; i++) { // many passes, more than any kernel takes
        server.run(transport -> {
          for (int j = 0; j < 10; j++) {
            transport.sendBinary(ByteBuffer.allocate(10_000));
          }
        });
        assertThat(server.on(Transport::queuedBytes)).isLessThanOrEqualTo(MIB);
        assertThat(sockets.usedBytes()).isLessThan(2 * MIB);
      }
      Offer more = server.on(transport -> transport.sendBinary(ByteBuffer.allocate(500_000)));
      assertThat(more).isEqualTo(Offer.FULL);
      assertThat(server.receiver().writables()).containsExactly(false);
      assertThat(silent.isClosed()).isFalse();
      server.run(Transport::abort);
      Await.until(server.receiver()::isClosed);
      Await.until(() -> sockets.usedBytes() == 0);
    }
  }

  @Test
  void sharedMessagesInTheQueueOfADeadPeerAreFreed() throws IOException {
    Encoded large = Encoded.binary(new byte[100_000]);
    try (Socket silent = socket()) {
      End server = sockets.server();
      Await.until(
          () -> server.on(transport -> transport.send(large)) == Offer.FULL && !silent.isClosed());
      vanish(silent);
      Await.until(server.receiver()::isClosed);
    }
    large.release();
    Await.until(() -> sockets.usedBytes() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 100, 70_000, 500_000})
  void aResetInTheMiddleOfAMessageFreesIt(int came) throws IOException {
    try (Socket socket = socket()) {
      End server = sockets.server();
      long before = server.on(Transport::lastReceivedAt);
      socket.getOutputStream().write(begun(1_000_000, came));
      Await.until(() -> server.on(Transport::lastReceivedAt) > before);
      vanish(socket);
      Await.until(server.receiver()::isClosed);
      assertThat(server.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      Await.until(() -> sockets.usedBytes() == 0);
    }
  }

  @Test
  void aHalfCloseInTheMiddleOfAMessageFreesIt() throws IOException {
    try (Socket socket = socket()) {
      End server = sockets.server();
      socket.getOutputStream().write(begun(1_000_000, 300_000));
      socket.shutdownOutput();
      Await.until(server.receiver()::isClosed);
      Await.until(() -> sockets.usedBytes() == 0);
    }
  }

  @Test
  void aCloseInTheMiddleOfAMessageFreesItAtOnce() throws IOException {
    try (Socket socket = socket()) {
      End server = sockets.server();
      socket.getOutputStream().write(begun(1_000_000, 300_000));
      Await.until(() -> sockets.usedBytes() > 250_000);
      server.run(transport -> transport.close(4000, ""));
      Await.until(() -> sockets.usedBytes() == 0);
      byte[] rest = new byte[700_000]; // masked with nothing
      socket.getOutputStream().write(rest);
      socket.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
      Await.until(server.receiver()::isClosed);
      assertThat(server.receiver().messages()).isEmpty();
    }
  }

  @Test
  void aLargeMessageThatComesSlowlyIsWhole() throws IOException {
    try (Socket socket = socket()) {
      End server = sockets.server();
      socket.getOutputStream().write(begun(1_000_000, 1));
      for (int i = 0; i < 1_000_000 - 1; i += 99_999) {
        socket.getOutputStream().write(new byte[Math.min(99_999, 999_999 - i)]);
      }
      socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'});
      Await.until(() -> server.receiver().count() == 2);
      assertThat(server.receiver().messages())
          .containsExactly(Message.binary(new byte[1_000_000]), Message.text("a"));
      Await.until(() -> sockets.usedBytes() == 0);
    }
  }

  @Test
  void whatIsHeldWhileNobodyReadsIsOneTurnAtMost() throws IOException {
    sockets.then((transport, message) -> transport.reading(false));
    try (Socket socket = socket()) {
      End server = sockets.server();
      var writer = Thread.startVirtualThread(() -> flood(socket));
      for (int i = 1; i <= 50; i++) {
        int expected = i;
        Await.until(() -> server.receiver().count() == expected);
        assertThat(sockets.usedBytes()).isLessThan(300_000);
        server.run(transport -> transport.reading(true));
      }
      vanish(socket);
      Await.until(server.receiver()::isClosed);
      Await.until(() -> !writer.isAlive());
    }
  }

  @Test
  void aReceiverMayEndTheConnectionInTheMiddleOfARead() {
    for (int way = 0; way < 3; way++) {
      int chosen = way;
      sockets.then((transport, message) -> {
        if (chosen == 0) {
          transport.abort();
        } else if (chosen == 1) {
          transport.close(4000, "enough");
        } else {
          throw new IllegalStateException("expected by a test");
        }
      });
      End client = sockets.client();
      End server = sockets.server();
      client.run(transport -> {
        for (int i = 0; i < 100; i++) {
          transport.sendText(ByteBuffer.wrap("again".getBytes(UTF_8)));
        }
      });
      Await.until(client.receiver()::isClosed);
      Await.until(server.receiver()::isClosed);
      assertThat(server.receiver().messages()).containsExactly(Message.text("again"));
      server.receiver().assertEndedOnce();
    }
  }

  @Test
  void aFlushThatFailsEndsItsConnectionAndNoOther() {
    sockets.then((transport, message) -> transport.sendText(ByteBuffer.allocate(0)));
    End client = sockets.client();
    End server = sockets.server();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    client.run(transport -> {
      client.loop().atEndOfPass(new Failing(failures));
      transport.sendText(ByteBuffer.wrap("through".getBytes(UTF_8)));
      client.loop().atEndOfPass(new Failing(failures));
    });
    Await.until(() -> client.receiver().count() == 1);
    assertThat(failures).hasSize(2).allMatch(IllegalStateException.class::isInstance);
    client.run(transport -> transport.endOfPassFailed(failures.getFirst()));
    Await.until(client.receiver()::isClosed);
    Await.until(server.receiver()::isClosed);
    assertThat(client.receiver().closed()).isEqualTo(new Closed(1006, "aborted"));
  }

  private record Failing(List<Throwable> failures) implements Passenger {
    @Override
    public void endOfPass() {
      throw new IllegalStateException("expected by a test");
    }

    @Override
    public void endOfPassFailed(Throwable cause) {
      failures.add(cause);
    }
  }

  private Socket socket() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), sockets.port());
  }

  /** The beginning of a binary message of zeros, masked with nothing. */
  private static byte[] begun(int length, int came) {
    return ByteBuffer.allocate(14 + came)
        .put(new byte[] {(byte) 0x82, (byte) 0xFF})
        .putLong(length)
        .array();
  }

  private static void flood(Socket socket) {
    byte[] frames = new byte[7 * 10_000];
    for (int at = 0; at < frames.length; at += 7) {
      frames[at] = (byte) 0x81;
      frames[at + 1] = (byte) 0x81;
      frames[at + 6] = 'a';
    }
    try {
      for (int i = 0; i < 1000; i++) {
        socket.getOutputStream().write(frames);
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void vanish(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
