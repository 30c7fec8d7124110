package dev.everwire.session.internal.delivery;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.session.Overflow;
import dev.everwire.session.internal.delivery.Lanes.Waiting;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to the transport, at once while the peer keeps up. As soon as the transport's
 * queue is long they wait here instead, by urgency and bounded, so that an urgent one overtakes
 * what waits. What must not be lost is kept beyond that bound, within one of its own. Event loop
 * only.
 */
public final class Outbox {
  /** What has no end is kept as long as it takes. */
  public static final long NEVER = Lanes.NEVER;

  private static final int HANDED_AT_ONCE = 64 * 1024; // bytes
  private static final int NOTHING = -1;
  private static final double CONGESTED_ABOVE = 0.5;
  private static final double AT_EASE_BELOW = 0.25;

  /** How far a {@link #flush} has come. */
  public enum Flushed {
    /** Nothing waits, or the transport says when it takes more. */
    DONE,
    /** The transport takes more, once what it has could leave. */
    MORE,
    /** The transport has no room for the next message, and does not say when it has. */
    NO_ROOM
  }

  private final Transport transport;
  private final QueueRules rules;
  private final long maxControlBytes;
  private boolean binary; // what is sent goes in binary messages
  private boolean transportWritable = true;
  private boolean queueing; // what comes now waits
  private @Nullable Lanes lanes; // null until something had to wait
  private boolean congested;
  private boolean degraded;
  private boolean refused; // somebody waits to be told that there is room

  /**
   * @param maxControlBytes of what must not be lost, beyond all other bounds; one message is always
   *     kept
   */
  public Outbox(Transport transport, QueueRules rules, long maxControlBytes) {
    this.transport = transport;
    this.rules = rules;
    this.maxControlBytes = maxControlBytes;
  }

  /** From now on messages go as binary ones. */
  public void sendBinary() {
    binary = true;
  }

  // ---- what keeps its order with the answers

  /** Sends or keeps what must not be lost; FULL only beyond its bound. The bytes are copied. */
  public Offer send(ByteBuffer message) {
    if (!queueing) {
      Offer offer = put(message);
      if (offer != Offer.FULL) {
        return offer;
      }
    }
    if (!transport.open()) {
      return Offer.CLOSED;
    }
    Lanes waiting = lanes();
    int bytes = message.remaining();
    if (waiting.controlMessages() > 0 && waiting.controlBytes() + bytes > maxControlBytes) {
      return Offer.FULL;
    }
    waiting.addControl(new Waiting(copy(message), NEVER, null, false));
    return queued();
  }

  /** Sends or keeps it if there is room; else it is the sender's. The bytes are copied. */
  public Offer offer(ByteBuffer message) {
    if (!queueing) {
      Offer offer = put(message);
      if (offer != Offer.FULL || rules.passing()) {
        return offer;
      }
    }
    Offer refusal = refusal(message.remaining());
    if (refusal != null) {
      return refusal;
    }
    lanes().addControl(new Waiting(copy(message), NEVER, null, false));
    return queued();
  }

  /** As the other for a shared message. The caller keeps its reference. */
  public Offer offer(Encoded message) {
    if (!queueing) {
      Offer offer = transport.send(message);
      if (offer != Offer.FULL || rules.passing()) {
        return offer;
      }
    }
    Offer refusal = refusal(message.payload().length);
    if (refusal != null) {
      return refusal;
    }
    lanes().addControl(new Waiting(message.retain(), NEVER, null, false));
    return queued();
  }

  private @Nullable Offer refusal(int bytes) {
    if (!transport.open()) {
      return Offer.CLOSED;
    }
    look();
    if (rules.passing() || degraded || !fits(lanes(), bytes)) {
      rules.counts().countRefused();
      return Offer.FULL;
    }
    return null;
  }

  private Offer put(ByteBuffer message) {
    return binary ? transport.sendBinary(message) : transport.sendText(message);
  }

  private Encoded copy(ByteBuffer message) {
    byte[] copy = new byte[message.remaining()];
    message.get(message.position(), copy);
    return binary ? Encoded.binary(copy) : Encoded.text(copy);
  }

  // ---- what has a priority

  /**
   * Sends a shared message, or keeps it if there is room. The caller keeps its reference.
   *
   * @param wish asked before it is sent after it has waited; null if it is wanted in any case
   * @param droppable whether the rules' overflow is for it; if not, it is the sender's when there
   *     is no room, and {@link #takeRelief} says when to try again
   */
  public Offer offer(
      Encoded message, Priority priority, long until, @Nullable Wish wish, boolean droppable) {
    if (!queueing) {
      Offer offer = transport.send(message);
      if (offer != Offer.FULL || rules.passing()) {
        return offer;
      }
    }
    if (!transport.open()) {
      return Offer.CLOSED;
    }
    look();
    Lanes waiting = lanes();
    int bytes = message.payload().length;
    if (!admits(waiting, priority, bytes)
        && !(droppable
            && rules.overflow() == Overflow.DROP_OLDEST
            && makeRoom(waiting, priority, bytes))) {
      return refuse(droppable);
    }
    waiting.add(priority, new Waiting(message.retain(), until, wish, droppable));
    return queued();
  }

  /** As the other for one peer's own message. The bytes are copied if it has to wait. */
  public Offer offer(ByteBuffer message, Priority priority, long until) {
    if (!queueing) {
      Offer offer = put(message);
      if (offer != Offer.FULL || rules.passing()) {
        return offer;
      }
    }
    Encoded kept = copy(message);
    try {
      return offer(kept, priority, until, null, true);
    } finally {
      kept.release();
    }
  }

  private Offer queued() {
    queueing = true;
    look();
    return Offer.QUEUED;
  }

  private Offer refuse(boolean droppable) {
    boolean lost =
        rules.overflow() == Overflow.DROP_OLDEST || rules.overflow() == Overflow.DROP_NEWEST;
    if (droppable && lost) {
      rules.counts().countDropped();
    } else {
      rules.counts().countRefused();
    }
    refused |= !droppable;
    return Offer.FULL;
  }

  private boolean admits(Lanes waiting, Priority priority, int bytes) {
    return !rules.passing()
        && (!degraded || priority == Priority.CRITICAL)
        && waiting.messages(priority) < rules.most(priority)
        && fits(waiting, bytes);
  }

  /** One message always fits where no other waits. */
  private boolean fits(Lanes waiting, int bytes) {
    return waiting.isEmpty()
        || (bytes() + bytes <= rules.maxBytes() && messages() < rules.maxMessages());
  }

  /** Drops at least as much as comes instead; false if there is not enough to drop. */
  private boolean makeRoom(Lanes waiting, Priority priority, int bytes) {
    long freed = 0;
    if (waiting.messages(priority) >= rules.most(priority)) {
      freed = dropped(waiting.takeOldest(priority));
    }
    while (freed < bytes && !admits(waiting, priority, bytes)) {
      int one = dropped(waiting.takeForRoom(priority));
      if (one == NOTHING) {
        return false;
      }
      freed += one;
    }
    return waiting.messages(priority) < rules.most(priority);
  }

  private int dropped(@Nullable Waiting oldest) {
    if (oldest == null) {
      return NOTHING;
    }
    oldest.message().release();
    rules.counts().countDropped();
    return oldest.bytes();
  }

  // ---- what waits

  /** The transport's own queue became long, or short again. */
  public void transportWritable(boolean on) {
    transportWritable = on;
    updateQueueing();
    look();
  }

  /** Sends what waits as far as there is room. */
  public Flushed flush() {
    Flushed flushed = Flushed.DONE;
    if (lanes != null && (transportWritable || rules.passing())) {
      flushed = flush(lanes, transport.loop().now());
    }
    updateQueueing();
    look();
    return flushed;
  }

  private Flushed flush(Lanes waiting, long now) {
    long handed = 0;
    for (Waiting next = waiting.take(); next != null; next = waiting.take()) {
      boolean late = next.expired(now);
      if (late) {
        rules.counts().countExpired();
      } else if (next.wish() == null || next.wish().stands()) {
        if (transport.send(next.message()) == Offer.FULL) {
          waiting.putBack(next);
          return Flushed.NO_ROOM;
        }
        handed += next.bytes();
      }
      next.message().release();
      if (handed >= HANDED_AT_ONCE && !rules.passing()) {
        return waiting.isEmpty() ? Flushed.DONE : Flushed.MORE;
      }
    }
    return Flushed.DONE;
  }

  private void updateQueueing() {
    queueing = somethingWaits() || !(transportWritable || rules.passing());
  }

  private boolean somethingWaits() {
    return lanes != null && !lanes.isEmpty();
  }

  private Lanes lanes() {
    if (lanes == null) {
      lanes = new Lanes();
    }
    return lanes;
  }

  /** Forgets what waits: there is no connection any more. */
  public void clear() {
    if (lanes != null) {
      lanes.clear();
    }
    refused = false;
    queueing = false;
  }

  // ---- how much waits

  private void look() {
    boolean atEase = transportWritable && !somethingWaits();
    if (rules.passing()) {
      congested = !atEase;
      return;
    }
    double level = level();
    boolean before = degraded;
    degraded = !atEase && level > (degraded ? rules.normalBelow() : rules.degradedAbove());
    if (degraded && !before) {
      rules.counts().countDegraded();
    }
    double pressing = rules.overflow() == Overflow.CLOSE ? level : lastingLevel();
    congested = !atEase && pressing > (congested ? AT_EASE_BELOW : CONGESTED_ABOVE);
  }

  /** How full the queue is: 1.0 at the bound in bytes or messages, whichever is nearer. */
  public double level() {
    return rules.passing() ? 0 : level(bytes(), messages());
  }

  /** The same of what will not give way to anything. */
  private double lastingLevel() {
    long bytes = transport.queuedBytes() + (lanes == null ? 0 : lanes.controlBytes());
    int messages = transport.queuedMessages() + (lanes == null ? 0 : lanes.controlMessages());
    return level(bytes, messages);
  }

  private double level(long bytes, int messages) {
    return Math.max((double) bytes / rules.maxBytes(), (double) messages / rules.maxMessages());
  }

  private long bytes() {
    return transport.queuedBytes() + (lanes == null ? 0 : lanes.bytes());
  }

  /** Messages that have not left this process. */
  public int messages() {
    return transport.queuedMessages() + (lanes == null ? 0 : lanes.messages());
  }

  /** Messages that wait for room. */
  public int heldBack() {
    return lanes == null ? 0 : lanes.messages();
  }

  /** Whether what comes now has to wait, or something does. */
  public boolean queueing() {
    return queueing;
  }

  /** Whether something waits here and nobody will say when there is room. */
  public boolean waitsUntold() {
    return somethingWaits() && (transportWritable || rules.passing());
  }

  /** Whether something waits here that must not be lost. */
  public boolean controlWaits() {
    return lanes != null && lanes.controlMessages() > 0;
  }

  /** Whether something waits here that must not be lost, or is critical. */
  public boolean urgentWaits() {
    return controlWaits() || (lanes != null && lanes.messages(Priority.CRITICAL) > 0);
  }

  /** Whether the peer should be read no more until it has taken some of this. */
  public boolean congested() {
    return congested;
  }

  /** Whether only what is critical is admitted. */
  public boolean degraded() {
    return degraded;
  }

  /** Whether there is room again for those who were refused; true once. */
  public boolean takeRelief() {
    boolean relief = refused && !degraded && (!queueing || level() <= rules.normalBelow());
    if (relief) {
      refused = false;
    }
    return relief;
  }

  /** Bytes that have not left this process. */
  public long unsentBytes() {
    return bytes();
  }
}
