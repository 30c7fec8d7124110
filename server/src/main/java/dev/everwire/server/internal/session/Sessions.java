package dev.everwire.server.internal.session;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.session.Inbox;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.KeptSession;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a node that can be taken up again: those that have a connection, and for a while
 * those that have lost it. Safe from any thread.
 */
public final class Sessions {
  /** Makes the tokens of a session worthless, also for a fresh one of the same identity. */
  @FunctionalInterface
  public interface Revoked {
    void revoke(String session, long generation, Instant now);
  }

  private static final int EMPTY_BYTES = 1024; // what a session costs that keeps nothing, about
  private static final Logger LOG = System.getLogger(Sessions.class.getName());

  private final ConcurrentNavigableMap<String, Session> known = new ConcurrentSkipListMap<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicBoolean complained = new AtomicBoolean();
  private final AtomicLong lostBytes = new AtomicLong();
  private final Duration within;
  private final int mostLost;
  private final long mostLostBytes;
  private final Revoked revoked;
  private final Consumer<Session> ended;

  /**
   * @param within how long a lost session is kept
   * @param mostLost how many are kept at once; one more ends at once
   * @param mostLostBytes what they may weigh together; the one that is too much ends at once
   * @param revoked told of each that was ended on purpose, on its loop
   * @param ended told of each that ends for good, on its loop
   */
  public Sessions(
      Duration within, int mostLost, long mostLostBytes, Revoked revoked, Consumer<Session> ended) {
    this.within = within;
    this.mostLost = mostLost;
    this.mostLostBytes = mostLostBytes;
    this.revoked = revoked;
    this.ended = ended;
  }

  /** How long a lost session is kept. */
  public Duration within() {
    return within;
  }

  /** A session begins. On the connection's loop. */
  Session begin(Session session) {
    known.put(session.id(), session);
    return session;
  }

  /** Null if there is none of this name, or no longer. */
  public @Nullable Session find(String id) {
    return known.get(id);
  }

  /** The session that a connection has or had; null if that ends with it. */
  public @Nullable Session of(Connection connection) {
    return connection.tenure().kept() == null ? null : known.get(connection.sessionId());
  }

  /** A connection has taken up a session, or it is over. On its loop. */
  void found(Session session) {
    if (session.found()) {
      session.kept().weigh(null);
      lost.decrementAndGet();
      lostBytes.addAndGet(-session.weighs());
    }
  }

  /** A connection has ended, and with it the session unless that waits now. On its loop. */
  public void ended(Connection connection) {
    Session session = of(connection);
    KeptSession kept = connection.tenure().kept();
    if (session == null || kept == null || session.kept() != kept) {
      return;
    }
    if (kept.current() == connection) { // it was closed for good
      revoked.revoke(session.id(), kept.generation(), connection.loop().wallTime());
      end(session, kept.generation());
    } else if (connection.tenure().outlived()) {
      lose(session, connection.loop());
    }
  }

  /** A session has no connection. On the loop of the last. */
  void lose(Session session, Loop loop) {
    long generation = session.kept().generation();
    long bytes = EMPTY_BYTES + session.kept().book().bytes();
    session.lost(
        loop.schedule(within.toNanos(), () -> end(session, generation)), bytes, loop.now());
    session.kept().weigh(more -> heavier(session, generation, more));
    int all = lost.incrementAndGet();
    long allBytes = lostBytes.addAndGet(bytes);
    if (all > mostLost || allBytes > mostLostBytes) {
      full(session, generation);
    }
  }

  private void heavier(Session session, long generation, long bytes) {
    session.heavier(bytes);
    if (lostBytes.addAndGet(bytes) > mostLostBytes) {
      full(session, generation);
    }
  }

  private void full(Session session, long generation) {
    if (complained.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "too many lost sessions, newer ones are not kept most="
              + mostLost
              + " mostBytes="
              + mostLostBytes);
    }
    end(session, generation);
  }

  private void end(Session session, long generation) {
    if (session.kept().end(generation)) {
      known.remove(session.id(), session);
      found(session);
      ended.accept(session);
    }
  }

  /**
   * Ends a session for good, whether it has a connection or not; a connection goes on without. Safe
   * from any thread.
   */
  public void forget(Session session, Instant now) {
    forget(session, now, () -> {});
  }

  private void forget(Session session, Instant now, Runnable first) {
    var unused =
        session
            .kept()
            .onOwner(() -> {
              first.run();
              long generation = session.kept().generation();
              revoked.revoke(session.id(), generation, now);
              end(session, generation);
            });
  }

  /**
   * Ends for good those of which something was taken back, whether they have a connection or not.
   * Safe from any thread.
   *
   * @param gone whether a session is of such a principal; asked with null where nobody was asked
   */
  public void revoke(BiPredicate<Session, @Nullable Principal> gone, Instant now) {
    for (Session session : known.values()) {
      Proof proof = session.proof();
      if (gone.test(session, proof == null ? null : proof.principal())) {
        revoke(session, now);
      }
    }
  }

  /** Ends a session for good, and its connection with it. Safe from any thread. */
  public void revoke(Session session, Instant now) {
    forget(
        session,
        now,
        () -> {
          Connection current = session.kept().current(); // also one that has only just taken it
          if (current != null) {
            current.close(CloseCode.UNAUTHENTICATED, "revoked");
          }
        });
  }

  /** The inbox of a session; null if there is none of this name. */
  public @Nullable Inbox inbox(String session, TopicHub topics, ValueCodec values) {
    Session found = known.get(session);
    return found == null ? null : found.inbox(topics, values);
  }

  /** The client of a connection has dealt with what came to its inbox, up to an offset. */
  void acknowledged(Connection connection, long offset) {
    Session session = of(connection);
    SessionInbox inbox = session == null ? null : session.inbox();
    if (inbox != null) {
      inbox.acknowledge(offset);
    }
  }

  /** Where a client begins to hear its inbox that names no position; null for wherever it is. */
  public @Nullable Position inboxStart(String session) {
    Session found = known.get(session);
    SessionInbox inbox = found == null ? null : found.inbox();
    return inbox == null ? null : inbox.acknowledged();
  }

  /**
   * Of all that are known, lost ones included, in their order.
   *
   * @param after null to begin with the first
   */
  public Iterator<String> ids(@Nullable String after) {
    return (after == null ? known : known.tailMap(after, false)).keySet().iterator();
  }

  /** All that are known, lost ones included. */
  public int size() {
    return known.size();
  }

  /** Bytes that those without a connection hold, about. */
  public long lostBytes() {
    return lostBytes.get();
  }

  /** Those without a connection. */
  public int lost() {
    return lost.get();
  }
}
