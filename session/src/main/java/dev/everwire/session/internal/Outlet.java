package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.delivery.Outbox;
import dev.everwire.session.internal.delivery.QueueRules;
import dev.everwire.session.internal.delivery.Wish;
import dev.everwire.session.internal.rpc.FrameLimit;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection: encodes messages and queues them, holds back posts from other
 * threads that come faster than the peer reads, and gives a peer up that leaves no room for what
 * must not be lost. Event loop only, except where a method says otherwise.
 */
final class Outlet {

  /** Is told on the loop how the peer keeps up. */
  interface Congestion {
    /** The queue became long (false), or short again. */
    void writable(boolean on);

    /** Only what is critical is admitted from now on, or all else again. */
    void degraded(boolean on);

    /** There is room again for events that were refused. */
    void relieved();
  }

  private static final long MAX_CONTROL_BYTES = 16 * 1024 * 1024;
  private static final long MAX_POSTED_BYTES = 1024 * 1024;
  private static final long LOOK_FOR_ROOM_EVERY = 20_000_000; // nanoseconds

  private final Transport transport;
  private final JsonWriter scratch;
  private final Congestion congestion;
  private final Outbox outbox;
  private final AtomicLong posted = new AtomicLong(); // bytes on their way to the loop

  private Codec codec;
  private boolean lookingForRoom;
  private boolean pumping;
  private volatile boolean congested; // written on the loop, read by senders
  private volatile boolean degraded; // written on the loop, read by senders
  private volatile FrameLimit limit = FrameLimit.UNKNOWN; // written on the loop, read by senders
  private volatile boolean open = true; // written on the loop, read by senders

  /**
   * @param scratch the loop's writer, shared by its connections so that an idle one holds no buffer
   */
  Outlet(
      Transport transport,
      Codec codec,
      JsonWriter scratch,
      QueueRules rules,
      Congestion congestion) {
    this.transport = transport;
    this.codec = codec;
    this.scratch = scratch;
    this.congestion = congestion;
    this.outbox = new Outbox(transport, rules, MAX_CONTROL_BYTES);
  }

  /** What comes from now on is written this way. */
  void speak(Codec other) {
    codec = other;
  }

  /** What comes from now on goes in binary messages. */
  void speakBinary() {
    outbox.sendBinary();
  }

  /**
   * Queues a message that must not be lost; a peer that leaves no room for it is given up.
   *
   * @return CLOSED if the connection is closing, so that it will not arrive
   */
  Offer send(Message message) {
    return settled(orGiveUp(outbox.send(encoded(message))));
  }

  /** As {@link #send} for the answers of a batch. */
  void sendBatch(List<Message.Response> responses) {
    scratch.reset();
    codec.writeBatch(responses, scratch);
    var unused = settled(orGiveUp(outbox.send(scratch.buffer())));
  }

  /** Queues messages as one batch if there is room. */
  Offer offerBatch(List<? extends Message> messages) {
    scratch.reset();
    codec.writeBatch(messages, scratch);
    return settled(outbox.offer(scratch.buffer()));
  }

  /** Queues a message if there is room. */
  Offer offer(Message message) {
    return settled(outbox.offer(encoded(message)));
  }

  /**
   * Queues a message that may overtake others and be dropped as the rules say. Safe from any
   * thread; away from the loop QUEUED says only that it is on its way there.
   *
   * @param ttl nanoseconds; {@link Outbox#NEVER} for as long as it takes
   * @throws FaultException −32008 if the peer would close for its size
   */
  Offer offer(Message.Notification message, Priority priority, long ttl) {
    long size = fitting(message.method(), message.params());
    long until = ttl == Outbox.NEVER ? Outbox.NEVER : loop().now() + ttl;
    if (loop().inLoop()) {
      return offerUntil(message, priority, until);
    }
    if (degraded && priority != Priority.CRITICAL) {
      return open ? Offer.FULL : Offer.CLOSED;
    }
    return postUrgent(
        size,
        () -> {
          var unused = offerUntil(message, priority, until);
        });
  }

  private Offer offerUntil(Message.Notification message, Priority priority, long until) {
    return settled(outbox.offer(encoded(message), priority, until));
  }

  /**
   * Queues a shared message if there is room. The caller keeps its reference.
   *
   * @param wish asked before it is sent after it has waited; null if it is wanted in any case
   * @param droppable whether the rules' overflow is for it; else {@link Congestion#relieved} says
   *     when there is room again
   */
  Offer offer(Encoded message, Priority priority, @Nullable Wish wish, boolean droppable) {
    return settled(outbox.offer(message, priority, Outbox.NEVER, wish, droppable));
  }

  /** As the other, droppable, until it is too late. */
  Offer offer(Encoded message, Priority priority, long ttl) {
    long until = ttl == Outbox.NEVER ? Outbox.NEVER : loop().now() + ttl;
    return settled(outbox.offer(message, priority, until, null, true));
  }

  /**
   * Queues a notification. Safe from any thread; see {@link #post}.
   *
   * @throws FaultException −32008 if the peer would close for its size
   */
  Offer notify(String method, @Nullable RawJson params) {
    long size = fitting(method, params);
    Message.Notification message = new Message.Notification(method, params);
    return loop().inLoop()
        ? offer(message)
        : post(
            size,
            () -> {
              var unused = send(message);
            });
  }

  /**
   * As the other for somebody who sends the notification itself, on the loop when it is told to.
   * Not on the loop.
   */
  Offer notify(String method, @Nullable RawJson params, Runnable send) {
    return post(fitting(method, params), send);
  }

  private long fitting(String method, @Nullable RawJson params) {
    FrameLimit most = limit;
    long size = FrameLimit.size(RequestId.NULL, method, params);
    if (size > most.bytes()) {
      throw new FaultException(most.tooLarge("the notification", size));
    }
    return size;
  }

  /**
   * Tells how far a call has come, if there is room for it. Safe from any thread.
   *
   * @param wanted whether the call goes on; asked on the loop
   */
  void progress(BooleanSupplier wanted, RawJson params) {
    long size = FrameLimit.size(RequestId.NULL, Names.PROGRESS, params);
    if (size > limit.bytes()) {
      return;
    }
    Runnable tell =
        () -> {
          if (wanted.getAsBoolean()) {
            var unused = offer(new Message.Notification(Names.PROGRESS, params));
          }
        };
    if (loop().inLoop()) {
      tell.run();
    } else {
      var unused = post(size, tell);
    }
  }

  /** The peer reads no more than this. */
  void limit(FrameLimit told) {
    limit = told;
  }

  /** Queues a shared message in the order of all that has no priority, if there is room. */
  Offer offerOrDrop(Encoded message) {
    return settled(outbox.offer(message));
  }

  /**
   * Has something done on the loop, where it is going to send about as many bytes. Safe from any
   * thread; tasks of one thread keep their order. Bounded, so that a caller faster than the link
   * gets FULL.
   */
  Offer post(long bytes, Runnable task) {
    return congested && open ? Offer.FULL : postUrgent(bytes, task);
  }

  /** As the other, also while the peer does not keep up. */
  private Offer postUrgent(long bytes, Runnable task) {
    if (!open) {
      return Offer.CLOSED;
    }
    long before = posted.getAndAdd(bytes);
    if (before > 0 && before + bytes > MAX_POSTED_BYTES) {
      posted.addAndGet(-bytes);
      return Offer.FULL;
    }
    try {
      loop()
          .execute(() -> {
            posted.addAndGet(-bytes);
            task.run();
          });
    } catch (RejectedExecutionException e) {
      return Offer.CLOSED;
    }
    return Offer.QUEUED;
  }

  /** The transport's own queue became long, or short again. */
  void transportWritable(boolean on) {
    outbox.transportWritable(on);
    if (on) {
      pump();
    } else {
      tellChanges();
    }
  }

  /** Whether something waits for room that must not be lost. */
  boolean waiting() {
    return outbox.controlWaits();
  }

  /** Whether something waits for room that must not be lost, or is critical. */
  boolean urgentWaits() {
    return outbox.urgentWaits();
  }

  /** How full the queue is; 1.0 at its bound. */
  double level() {
    return outbox.level();
  }

  /** Whether only what is critical is admitted. Safe from any thread. */
  boolean degraded() {
    return degraded;
  }

  /** Messages that have not left this process. */
  int unsentMessages() {
    return outbox.messages();
  }

  /** Messages that wait for room. */
  int heldBack() {
    return outbox.heldBack();
  }

  /** Bytes that have not left this process. */
  long unsentBytes() {
    return outbox.unsentBytes();
  }

  /** Until the connection has ended. Safe from any thread. */
  boolean open() {
    return open;
  }

  /** The connection has ended: forgets what waits. */
  void ended() {
    open = false;
    outbox.clear();
  }

  private Loop loop() {
    return transport.loop();
  }

  private ByteBuffer encoded(Message message) {
    scratch.reset();
    codec.write(message, scratch);
    return scratch.buffer();
  }

  private Offer orGiveUp(Offer offer) {
    if (offer == Offer.FULL) {
      giveUp();
    }
    return offer;
  }

  /** The peer leaves no room. */
  void giveUp() {
    transport.close(CloseCode.SLOW_CONSUMER.value(), "outbound queue full");
  }

  /** Something may have begun to wait. */
  private Offer settled(Offer offer) {
    if (outbox.queueing()) {
      tellChanges();
      if (outbox.waitsUntold()) {
        pumpSoon(); // what was written in this pass may be all that takes the room
      }
    }
    return offer;
  }

  /** Sends what waits, a part with each pass, so that it leaves in between. */
  private void pump() {
    Outbox.Flushed flushed = outbox.flush();
    tellChanges();
    switch (flushed) {
      case DONE -> {}
      case MORE -> pumpSoon();
      case NO_ROOM -> lookForRoom();
    }
    if (outbox.takeRelief()) {
      congestion.relieved();
    }
  }

  private void pumpSoon() {
    if (!pumping && !lookingForRoom) {
      pumping = true;
      loop().schedule(0, this::pumpOn);
    }
  }

  /** Asks again until what waits has left: the transport tells of its own queue only. */
  private void lookForRoom() {
    if (!lookingForRoom) {
      lookingForRoom = true;
      loop().schedule(LOOK_FOR_ROOM_EVERY, this::pumpOn);
    }
  }

  private void pumpOn() {
    pumping = false;
    lookingForRoom = false;
    if (open) {
      pump();
    }
  }

  private void tellChanges() {
    boolean nowDegraded = outbox.degraded();
    if (degraded != nowDegraded) {
      degraded = nowDegraded;
      congestion.degraded(nowDegraded);
    }
    boolean nowCongested = outbox.congested();
    if (congested != nowCongested) {
      congested = nowCongested;
      congestion.writable(!nowCongested);
    }
  }
}
