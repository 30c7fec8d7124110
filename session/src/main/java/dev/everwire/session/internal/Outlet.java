package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.delivery.Outbox;
import dev.everwire.session.internal.rpc.FrameLimit;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection: encodes messages and queues them, holds back posts from other
 * threads that come faster than the peer reads, and gives a peer up that leaves no room for what
 * must not be lost. Event loop only, except where a method says otherwise.
 */
final class Outlet {

  /** Is told on the loop that the queue became long (false) or short again. */
  interface Congestion {
    void writable(boolean on);
  }

  private static final long MAX_WAITING_BYTES = 16 * 1024 * 1024;
  private static final long MAX_POSTED_BYTES = 1024 * 1024;
  private static final long LOOK_FOR_ROOM_EVERY = 20_000_000; // nanoseconds

  private final Transport transport;
  private final JsonWriter scratch;
  private final Congestion congestion;
  private final Outbox outbox;
  private final AtomicLong posted = new AtomicLong(); // bytes on their way to the loop

  private Codec codec;
  private boolean transportWritable = true;
  private boolean lookingForRoom;
  private volatile boolean congested; // written on the loop, read by senders
  private volatile FrameLimit limit = FrameLimit.UNKNOWN; // written on the loop, read by senders
  private volatile boolean open = true; // written on the loop, read by senders

  /**
   * @param scratch the loop's writer, shared by its connections so that an idle one holds no buffer
   */
  Outlet(Transport transport, Codec codec, JsonWriter scratch, Congestion congestion) {
    this.transport = transport;
    this.codec = codec;
    this.scratch = scratch;
    this.congestion = congestion;
    this.outbox = new Outbox(transport, MAX_WAITING_BYTES);
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
    Offer offer = orGiveUp(outbox.send(encoded(message)));
    lookForRoom();
    return offer;
  }

  /** As {@link #send} for the answers of a batch. */
  void sendBatch(List<Message.Response> responses) {
    scratch.reset();
    codec.writeBatch(responses, scratch);
    orGiveUp(outbox.send(scratch.buffer()));
    lookForRoom();
  }

  /** Queues messages as one batch if there is room. */
  Offer offerBatch(List<? extends Message> messages) {
    scratch.reset();
    codec.writeBatch(messages, scratch);
    return outbox.offer(scratch.buffer());
  }

  /** Queues a message if there is room. */
  Offer offer(Message message) {
    return outbox.offer(encoded(message));
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
   * Tells how far a call has come, unless it has ended or there is no room for it. Safe from any
   * thread.
   */
  void progress(InboundCall call, RawJson params) {
    long size = FrameLimit.size(RequestId.NULL, Names.PROGRESS, params);
    if (size > limit.bytes()) {
      return;
    }
    Runnable tell =
        () -> {
          if (!call.ended()) {
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

  /** Queues a shared event. A peer that leaves no room for it is given up with 4002. */
  Offer offer(Encoded event) {
    return orGiveUp(outbox.offer(event));
  }

  /**
   * Has something done on the loop, where it is going to send about as many bytes. Safe from any
   * thread; tasks of one thread keep their order. Bounded, so that a caller faster than the link
   * gets FULL.
   */
  Offer post(long bytes, Runnable task) {
    if (!open) {
      return Offer.CLOSED;
    }
    long before = posted.getAndAdd(bytes);
    if (congested || (before > 0 && before + bytes > MAX_POSTED_BYTES)) {
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
    transportWritable = on;
    if (on) {
      outbox.flush();
    }
    updateWritable();
  }

  /** Whether something waits for room. */
  boolean waiting() {
    return outbox.waiting();
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
      transport.close(CloseCode.SLOW_CONSUMER.value(), "outbound queue full");
    }
    return offer;
  }

  /** Asks again until what waits has left: the transport tells of its own queue only. */
  private void lookForRoom() {
    if (outbox.waiting() && !lookingForRoom) {
      lookingForRoom = true;
      loop().schedule(LOOK_FOR_ROOM_EVERY, this::room);
      updateWritable();
    }
  }

  private void room() {
    lookingForRoom = false;
    if (open) {
      outbox.flush();
      lookForRoom();
      updateWritable();
    }
  }

  private void updateWritable() {
    boolean writable = transportWritable && !outbox.waiting();
    if (congested == writable) {
      congested = !writable;
      congestion.writable(writable);
    }
  }
}
