package dev.everwire.app.bench;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends messages to a server that sends them back, in their order. Event loop only. */
final class EchoLane extends Lane {
  private final Stencil stencil;
  private final boolean binary;
  private long expected; // number of the message that must come next
  private long skipped; // taken for missing

  private EchoLane(Load load, int index, Transport transport, Stencil stencil, boolean binary) {
    super(load, index, transport);
    this.stencil = stencil;
    this.binary = binary;
  }

  static LaneLoad.Kind kind(int size, boolean binary) {
    String text = Stencil.marked(size).substring(0, size);
    Stencil shared = new Stencil(text.getBytes(StandardCharsets.US_ASCII), Stencil.NOWHERE, 0);
    return (load, index, transport) -> new EchoLane(load, index, transport, shared, binary);
  }

  @Override
  Offer send(long number) {
    ByteBuffer message = stencil.message(index, number);
    return binary ? transport.sendBinary(message) : transport.sendText(message);
  }

  @Override
  public void onText(ByteBuffer utf8) {
    came(utf8, binary);
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    came(bytes, !binary);
  }

  private void came(ByteBuffer bytes, boolean otherKind) {
    if (otherKind) {
      tally.corrupted("an echo came back as the other kind of message");
    } else if (expected < sent() && stencil.matches(bytes, index, expected)) {
      good(expected++);
    } else {
      wrong(bytes);
    }
  }

  private void wrong(ByteBuffer bytes) {
    long number = Marker.number(bytes, bytes.position(), index, expected);
    if (number == Marker.NONE
        || number < 0
        || number >= sent()
        || !stencil.matches(bytes, index, number)) {
      tally.corrupted("an echo has another content");
      if (underWay() > 0) {
        expected++;
        over(1, System.nanoTime());
      }
    } else if (number >= expected) {
      long hole = number - expected;
      skipped += hole;
      tally.missing(hole);
      expected = number + 1;
      over(hole + 1, System.nanoTime());
    } else if (skipped > 0) {
      skipped--;
      tally.late();
    } else {
      tally.duplicate();
    }
  }
}
