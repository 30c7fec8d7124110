package dev.everwire.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.app.Served;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RawEchoTest {
  private static final int MIB = 1024 * 1024;

  @Test
  void messagesComeBackAsTheKindTheyWere() throws Exception {
    try (Served server = Served.demo("test");
        TextClient client = TextClient.to(server.port(), "/echo")) {
      byte[] long_ = new byte[17 * MIB];
      new Random(1).nextBytes(long_);
      client.send("");
      client.send(new byte[0]);
      client.send("ä€😀 {no json");
      client.send("one ", "two ", "three");
      client.send(long_);
      client.send("last");
      assertThat(client.text()).isEmpty();
      assertThat(client.bytes()).isEmpty();
      assertThat(client.text()).isEqualTo("ä€😀 {no json");
      assertThat(client.text()).isEqualTo("one two three");
      assertThat(client.bytes()).isEqualTo(long_);
      assertThat(client.text()).isEqualTo("last");
    }
  }

  @Test
  void aPeerThatDoesNotReadIsNotReadFrom() {
    StuckTransport transport = new StuckTransport();
    RawEcho echo = new RawEcho(transport);
    ByteBuffer message = ByteBuffer.allocate(MIB);
    int taken = 0;
    while (transport.reading) {
      echo.onBinary(message.duplicate());
      taken++;
    }
    assertThat(taken).isEqualTo(65); // one more than half of the queue

    echo.onWritable(false);
    transport.runTimers();
    assertThat(transport.reading).isFalse();
    transport.queued = 0;
    echo.onWritable(true);
    assertThat(transport.reading).isTrue();
  }

  @Test
  void belowHalfOfTheQueueThereIsRoomForTheLongestMessage() {
    StuckTransport transport = new StuckTransport();
    RawEcho echo = new RawEcho(transport);
    echo.onBinary(ByteBuffer.allocate(RawEcho.MAX_MESSAGE_BYTES));
    assertThat(transport.reading).isTrue();
    echo.onBinary(ByteBuffer.allocate(RawEcho.MAX_MESSAGE_BYTES));
    assertThat(transport.reading).isFalse();
    assertThat(transport.closed).isFalse();
  }

  @Test
  void aQueueThatIsLongForOnePassOnlyDoesNotStopTheEcho() {
    StuckTransport transport = new StuckTransport();
    RawEcho echo = new RawEcho(transport);
    while (transport.reading) {
      echo.onBinary(ByteBuffer.allocate(MIB));
    }
    transport.queued = 0; // it left before anybody was told that it was long
    transport.runTimers();
    assertThat(transport.reading).isTrue();
  }

  /** Keeps what it is given. */
  private static final class StuckTransport implements Transport, Loop {
    private final ArrayDeque<Runnable> timers = new ArrayDeque<>();
    private boolean reading = true;
    private boolean closed;
    private long queued;

    void runTimers() {
      for (int left = timers.size(); left > 0; left--) {
        timers.remove().run();
      }
    }

    @Override
    public Loop loop() {
      return this;
    }

    @Override
    public String remoteAddress() {
      return "stuck:0";
    }

    @Override
    public Offer send(Encoded message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Offer sendText(ByteBuffer utf8) {
      return sendBinary(utf8);
    }

    @Override
    public Offer sendBinary(ByteBuffer bytes) {
      if (queued > 0 && queued + bytes.remaining() > RawEcho.LIMITS.maxQueuedBytes()) {
        return Offer.FULL;
      }
      queued += bytes.remaining();
      return Offer.QUEUED;
    }

    @Override
    public void ping() {}

    @Override
    public long queuedBytes() {
      return queued;
    }

    @Override
    public int queuedMessages() {
      return queued == 0 ? 0 : 1;
    }

    @Override
    public long lastReceivedAt() {
      return 0;
    }

    @Override
    public void limitMessages(int maxBytes) {}

    @Override
    public void reading(boolean on) {
      reading = on;
    }

    @Override
    public void close(int code, String reason) {
      closed = true;
    }

    @Override
    public void abort() {
      closed = true;
    }

    @Override
    public boolean open() {
      return !closed;
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public long now() {
      return 0;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      timers.add(task);
      return () -> timers.remove(task);
    }

    @Override
    public void execute(Runnable task) {
      timers.add(task);
    }
  }
}
