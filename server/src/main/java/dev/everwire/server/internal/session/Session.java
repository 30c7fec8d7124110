package dev.everwire.server.internal.session;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.registry.SessionIdentity;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.KeptSession;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One session that outlives its connections. On the loop that owns {@link #kept}, except where a
 * method says otherwise.
 */
public final class Session {
  /**
   * Whose it is.
   *
   * @param id public
   * @param client what the client calls itself, null if it does not
   * @param user null for an anonymous one
   * @param tenant whom the user belongs to, null if nobody says
   */
  record Name(String id, @Nullable String client, @Nullable String user, @Nullable String tenant) {}

  private final Name name;
  private final KeptSession kept;
  private final AtomicReference<@Nullable SessionInbox> inbox = new AtomicReference<>();
  private final long beganAt;
  private volatile SessionIdentity identity; // written by the owner
  private volatile @Nullable Proof proof; // written on the owner's loop
  private volatile long lostAt; // written by the owner; means nothing while it has a connection
  private Loop.@Nullable Timer expiry; // while it is lost
  private long weighs; // bytes that it counts while it is lost

  Session(Name name, Connection first, SessionIdentity identity) {
    this.name = name;
    this.identity = identity;
    this.kept = new KeptSession(first);
    this.beganAt = first.loop().now();
  }

  /** Public name. Safe from any thread. */
  public String id() {
    return name.id();
  }

  /** What the client calls itself, null if it does not. Safe from any thread. */
  public @Nullable String named() {
    return name.client();
  }

  /** Who the peer is, null for an anonymous one. Safe from any thread. */
  public @Nullable String user() {
    return name.user();
  }

  /** Whom the user belongs to, null if nobody says. Safe from any thread. */
  public @Nullable String tenant() {
    return name.tenant();
  }

  /** What is attached to it. */
  SessionIdentity identity() {
    return identity;
  }

  /** Safe from any thread. */
  public Set<String> tags() {
    return identity.tags();
  }

  /**
   * How long ago it began. Safe from any thread.
   *
   * @param now nanoseconds of any loop
   */
  public Duration age(long now) {
    return Duration.ofNanos(Math.max(0, now - beganAt));
  }

  /** For how long it has had no connection, while it has none; as {@link #age}. */
  public Duration lostFor(long now) {
    return Duration.ofNanos(Math.max(0, now - lostAt));
  }

  void identity(SessionIdentity attached) {
    identity = attached;
  }

  /** Who it is of, as was shown last; null where nobody is asked. Safe from any thread. */
  public @Nullable Proof proof() {
    return proof;
  }

  void proof(Proof shown) {
    proof = shown;
  }

  /** Safe from any thread. */
  public KeptSession kept() {
    return kept;
  }

  /** Null unless something was sent there. Safe from any thread. */
  @Nullable SessionInbox inbox() {
    return inbox.get();
  }

  /** Safe from any thread. */
  SessionInbox inbox(TopicHub topics, ValueCodec values) {
    SessionInbox known = inbox.get();
    if (known != null) {
      return known;
    }
    SessionInbox made = new SessionInbox(this, topics, values);
    SessionInbox first = inbox.compareAndExchange(null, made);
    return first == null ? made : first;
  }

  /** It is over. */
  public void forgetInbox(TopicHub topics) {
    if (inbox.get() != null) {
      topics.forgetInbox(id());
    }
  }

  /** It has no connection; the timer ends it. */
  void lost(Loop.Timer timer, long bytes, long now) {
    lostAt = now;
    expiry = timer;
    weighs = bytes;
  }

  /** Its answers weigh more. */
  void heavier(long bytes) {
    weighs += bytes;
  }

  /** Bytes that it counts while it is lost. */
  long weighs() {
    return weighs;
  }

  /** It has a connection again, or is over. False if it was not lost. */
  boolean found() {
    if (expiry == null) {
      return false;
    }
    expiry.cancel();
    expiry = null;
    return true;
  }
}
