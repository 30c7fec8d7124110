package dev.everwire.app.bench;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;

/**
 * One connection on which each message brings one answer. Keeps so many under way, or sends them as
 * they become due. Event loop only.
 */
abstract class Lane implements Receiver {
  private static final int FEW = 256;

  final int index;
  final Transport transport;
  final Tally tally;
  private final Load load;
  private final int connections;
  private final boolean open;
  private final int window;
  private final int mask;
  private final long[] since; // when each one under way was sent, or was due
  private long sent;
  private long owed; // due and not sent
  private int underWay;

  Lane(Load load, int index, Transport transport) {
    this.load = load;
    this.index = index;
    this.transport = transport;
    this.tally = load.tally;
    this.connections = load.plan.connections();
    this.open = load.plan.open();
    this.window = load.plan.window();
    int places = window <= FEW ? 4 * window : window; // room for answers that are overtaken
    this.mask = Integer.highestOneBit(2 * places - 1) - 1;
    this.since = new long[mask + 1];
  }

  /** One more is due. */
  final void owe(long now) {
    owed++;
    pump(now);
  }

  /** Sends as many as may be under way. */
  final void pump(long now) {
    while (underWay < window && (!open || owed > 0) && !tally.stopped() && free(sent)) {
      Offer offer = send(sent);
      if (offer != Offer.QUEUED) {
        if (offer == Offer.FULL) {
          tally.fatal("the generator's own queue is full: use less depth or size");
        }
        return;
      }
      since[slot(sent)] = open ? load.dueAt(index + sent * connections) : now;
      sent++;
      underWay++;
      owed--;
    }
  }

  final long underWay() {
    return underWay;
  }

  final long sent() {
    return sent;
  }

  final int slots() {
    return since.length;
  }

  final int slot(long number) {
    return (int) number & mask;
  }

  /** The answer to this message came, as it should be. */
  final void good(long number) {
    long now = System.nanoTime();
    tally.good(now - since[slot(number)]);
    over(1, now);
  }

  /** So many messages are over without a good answer. */
  final void over(long count, long now) {
    underWay -= (int) count;
    pump(now);
  }

  /** Sends the message with this number. */
  abstract Offer send(long number);

  /** Whether nothing is still kept in the place of this message. */
  boolean free(long number) {
    return true;
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    tally.corrupted("a binary message came in a text conversation");
  }

  @Override
  public final void onClosed(int code, String reason) {
    tally.connectionEnded(code, reason);
  }
}
