package dev.everwire.server.internal.session;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.session.Inbox;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The inbox of one session, as a topic of the broker. Safe from any thread. */
final class SessionInbox implements Inbox {
  private final Session session;
  private final TopicHub topics;
  private final ValueCodec values;
  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private int underWay; // not known to be kept yet
  private @Nullable Position newest; // that is known to be kept
  private long acknowledged; // in the epoch of the newest

  SessionInbox(Session session, TopicHub topics, ValueCodec values) {
    this.session = session;
    this.topics = topics;
    this.values = values;
  }

  @Override
  public CompletionStage<Position> send(String event, @Nullable Object payload) {
    RawJson data = data(event, payload);
    if (session.kept().over()) {
      return refused(FaultCode.NOT_FOUND, "the session is over");
    }
    lock.lock();
    try {
      if (underWay + waiting() >= MOST) {
        return refused(FaultCode.OVERLOADED, "the inbox is full");
      }
      underWay++;
    } finally {
      lock.unlock();
    }
    return topics.publishInbox(session.id(), data, MOST).whenComplete(this::sent);
  }

  private void sent(@Nullable Position at, @Nullable Throwable failure) {
    lock.lock();
    try {
      underWay--;
      if (at != null) {
        kept(at);
      }
    } finally {
      lock.unlock();
    }
    if (session.kept().over()) {
      topics.forgetInbox(session.id()); // it may have ended before this was kept
    }
  }

  /** Under the lock. */
  private void kept(Position at) {
    if (newest == null || !newest.epoch().equals(at.epoch())) {
      newest = at;
      acknowledged = 0;
    } else if (at.offset() > newest.offset()) {
      newest = at;
    }
  }

  private static CompletionStage<Position> refused(int code, String why) {
    return CompletableFuture.failedStage(new FaultException(code, why));
  }

  private RawJson data(String event, @Nullable Object payload) {
    JsonWriter out = new JsonWriter().beginObject().name("event").value(event).name("payload");
    out.value(payload instanceof RawJson raw ? raw : values.encode(payload));
    return out.endObject().toRawJson().compact();
  }

  @Override
  public long unacknowledged() {
    lock.lock();
    try {
      return waiting();
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private long waiting() {
    return newest == null ? 0 : Math.max(0, newest.offset() - acknowledged);
  }

  /** The client has dealt with all up to this offset. */
  void acknowledge(long offset) {
    lock.lock();
    try {
      long most = newest == null ? 0 : newest.offset() + underWay; // some may be told before us
      acknowledged = Math.max(acknowledged, Math.min(offset, most));
    } finally {
      lock.unlock();
    }
  }

  /** Where the client stands that says nothing else; null while nothing was sent. */
  @Nullable Position acknowledged() {
    lock.lock();
    try {
      return newest == null ? null : new Position(newest.epoch(), acknowledged);
    } finally {
      lock.unlock();
    }
  }
}
