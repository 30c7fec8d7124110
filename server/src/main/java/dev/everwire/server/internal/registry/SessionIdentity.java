package dev.everwire.server.internal.registry;

import dev.everwire.server.connection.AttributeKey;
import dev.everwire.server.connection.Attributes;
import dev.everwire.server.connection.AttributesFullException;
import dev.everwire.server.connection.ServerConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What an application attached to a session: attributes and tags. It belongs to the session and is
 * handed from one of its connections to the next; tags are found only while there is one. Holds
 * nothing until something is attached. Safe from any thread.
 */
public final class SessionIdentity {

  /**
   * @param bytes the key's name included
   */
  private record Held(Object value, int bytes) {}

  private final TagIndex index;
  private final ReentrantLock lock; // shared with others: only the fields below inside, and index
  // guarded by lock
  private @Nullable Map<AttributeKey<?>, Held> attributes;
  private @Nullable Set<String> tags;
  private @Nullable Entry current;
  private @Nullable SessionIdentity successor; // that has all of this now
  private @Nullable String tenant;
  private int bytes;

  SessionIdentity(TagIndex index, Entry first) {
    this.index = index;
    this.lock = index.lockFor(first.serial());
    this.current = first;
  }

  // ---- attributes

  <T> Optional<T> get(AttributeKey<T> key) {
    lock.lock();
    try {
      Held held = attributes == null ? null : attributes.get(key);
      return held == null ? Optional.empty() : Optional.of(key.type().cast(held.value()));
    } finally {
      lock.unlock();
    }
  }

  <T> void set(AttributeKey<T> key, T value) {
    Held held = new Held(value, key.bytes(value)); // may be the user's code: not under the lock
    SessionIdentity next;
    lock.lock();
    try {
      next = successor;
      if (next == null) {
        put(key, held);
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.set(key, value);
    }
  }

  /** Under the lock. */
  private void put(AttributeKey<?> key, Held held) {
    Map<AttributeKey<?>, Held> map = attributes == null ? new HashMap<>(4) : attributes;
    Held former = map.get(key);
    if (former == null && map.size() == Attributes.MOST) {
      throw new AttributesFullException(
          "attributes: " + (Attributes.MOST + 1) + " (expected: at most " + Attributes.MOST + ")");
    }
    long together = (long) bytes - (former == null ? 0 : former.bytes()) + held.bytes();
    if (together > Attributes.MAX_BYTES) {
      throw new AttributesFullException(
          "attributes: "
              + together
              + " bytes with \""
              + key.name()
              + "\" (expected: at most "
              + Attributes.MAX_BYTES
              + ")");
    }
    map.put(key, held);
    attributes = map;
    bytes = (int) together;
  }

  boolean remove(AttributeKey<?> key) {
    SessionIdentity next;
    lock.lock();
    try {
      next = successor;
      if (next == null) {
        Held former = attributes == null ? null : attributes.remove(key);
        bytes -= former == null ? 0 : former.bytes();
        return former != null;
      }
    } finally {
      lock.unlock();
    }
    return next.remove(key);
  }

  Set<AttributeKey<?>> keys() {
    lock.lock();
    try {
      return attributes == null ? Set.of() : Set.copyOf(attributes.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** What the attributes count, in bytes. */
  public int bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  // ---- tags

  public Set<String> tags() {
    lock.lock();
    try {
      return tags == null ? Set.of() : Set.copyOf(tags);
    } finally {
      lock.unlock();
    }
  }

  boolean tag(String tag) {
    if (tag.isEmpty() || tag.length() > ServerConnection.MAX_TAG) {
      throw new IllegalArgumentException(
          "tag: \"" + tag + "\" (expected: 1-" + ServerConnection.MAX_TAG + " characters)");
    }
    SessionIdentity next;
    lock.lock();
    try {
      next = successor;
      if (next == null) {
        return add(tag);
      }
    } finally {
      lock.unlock();
    }
    return next.tag(tag);
  }

  /** Under the lock. */
  private boolean add(String tag) {
    Set<String> set = tags == null ? new HashSet<>(4) : tags;
    if (set.contains(tag)) {
      return false;
    }
    if (set.size() == ServerConnection.MOST_TAGS) {
      throw new AttributesFullException(
          "tags: "
              + (ServerConnection.MOST_TAGS + 1)
              + " (expected: at most "
              + ServerConnection.MOST_TAGS
              + ")");
    }
    set.add(tag);
    tags = set;
    if (current != null && !current.ended()) {
      index.add(tag, current);
    }
    return true;
  }

  boolean untag(String tag) {
    SessionIdentity next;
    lock.lock();
    try {
      next = successor;
      if (next == null) {
        boolean had = tags != null && tags.remove(tag);
        if (had && current != null) {
          index.remove(tag, current);
        }
        return had;
      }
    } finally {
      lock.unlock();
    }
    return next.untag(tag);
  }

  // ---- from one connection to the next

  /** Of the session's user, as far as it is known. */
  @Nullable String tenant() {
    lock.lock();
    try {
      return tenant;
    } finally {
      lock.unlock();
    }
  }

  void tenant(@Nullable String newTenant) {
    lock.lock();
    try {
      tenant = newTenant;
    } finally {
      lock.unlock();
    }
  }

  /** Belongs to this connection from now on; what was attached to that before comes along. */
  void moveTo(Entry next, @Nullable SessionIdentity before) {
    Map<AttributeKey<?>, Held> moreAttributes = Map.of();
    Set<String> moreTags = Set.of();
    if (before != null) {
      before.lock.lock();
      try {
        moreAttributes = before.attributes == null ? Map.of() : Map.copyOf(before.attributes);
        moreTags = before.tags == null ? Set.of() : Set.copyOf(before.tags);
        before.leaveIndex();
        before.successor = this;
      } finally {
        before.lock.unlock();
      }
    }
    lock.lock();
    try {
      leaveIndex();
      current = next;
      if (tags != null) {
        tags.forEach(tag -> index.add(tag, next));
      }
      for (String tag : moreTags) {
        unlessFull(() -> add(tag));
      }
      moreAttributes.forEach((key, held) -> unlessFull(() -> put(key, held)));
    } finally {
      lock.unlock();
    }
  }

  /** What the session has comes first. */
  private static void unlessFull(Runnable attach) {
    try {
      attach.run();
    } catch (AttributesFullException e) {
      // set on a new connection before it was known that the session is full
    }
  }

  /** The connection has ended. Does nothing if another is in its place. */
  void left(Entry entry) {
    lock.lock();
    try {
      if (current == entry) {
        leaveIndex();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private void leaveIndex() {
    Entry leaving = current;
    current = null;
    if (tags != null && leaving != null) {
      tags.forEach(tag -> index.remove(tag, leaving));
    }
  }
}
