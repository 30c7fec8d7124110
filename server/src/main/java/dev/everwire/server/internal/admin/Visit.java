package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.server.internal.admin.LoopCounts.Count;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection from its opening to its end, in front of what receives its messages. */
final class Visit implements Receiver {
  private final Census census;
  private final long serial;
  private final String id;
  private final Transport transport;
  private final Receiver receiver;
  private final LoopCounts counts;
  private final long openedAt;

  Visit(
      Census census,
      long serial,
      String id,
      Transport transport,
      Receiver receiver,
      LoopCounts counts) {
    this.census = census;
    this.serial = serial;
    this.id = id;
    this.transport = transport;
    this.receiver = receiver;
    this.counts = counts;
    this.openedAt = transport.loop().now();
  }

  /** Safe from any thread. */
  long serial() {
    return serial;
  }

  /** Safe from any thread. */
  String id() {
    return id;
  }

  /** Safe from any thread. */
  Loop loop() {
    return transport.loop();
  }

  /** Null where calls and topics are not spoken. */
  @Nullable Connection connection() {
    return receiver instanceof Connection connection ? connection : null;
  }

  void write(JsonWriter out, int subscriptions) {
    Connection connection = connection();
    boolean established = connection != null && connection.established();
    Duration connected = Duration.ofNanos(transport.loop().now() - openedAt);
    out.beginObject().name("id").value(id);
    out.name("session").value(connection != null && established ? connection.sessionId() : null);
    out.name("remote").value(transport.remoteAddress());
    out.name("connectedMs").value(connected.toMillis());
    out.name("established").value(established);
    out.name("subscriptions").value(subscriptions);
    out.name("queuedBytes").value(transport.queuedBytes());
    out.name("inbound").value(connection == null ? 0 : connection.inboundCalls());
    out.endObject();
  }

  @Override
  public void onText(ByteBuffer utf8) {
    received(utf8.remaining());
    receiver.onText(utf8);
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    received(bytes.remaining());
    receiver.onBinary(bytes);
  }

  private void received(int bytes) {
    counts.add(Count.MESSAGES_IN, 1);
    counts.add(Count.BYTES_IN, bytes);
  }

  @Override
  public void onWritable(boolean writable) {
    receiver.onWritable(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    census.ended(this);
    receiver.onClosed(code, reason);
  }
}
