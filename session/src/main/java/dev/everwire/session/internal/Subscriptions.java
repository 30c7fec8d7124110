package dev.everwire.session.internal;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.stream.ItemStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has subscribed to by {@link SubscriptionMethods}, on one connection. Safe from any
 * thread.
 */
final class Subscriptions {
  static final int MOST = 128;
  private static final int ID_BYTES = 16;

  private static final Logger LOG = System.getLogger(Subscriptions.class.getName());

  private final ConnectionSettings settings;
  private final Outgoing out;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Map<String, Flowing> byId; // guarded by lock; null while there is none
  private boolean ended; // guarded by lock

  Subscriptions(ConnectionSettings settings, Outgoing out) {
    this.settings = settings;
    this.out = out;
  }

  /** Not to be guessed where {@link ConnectionSettings#random()} is not. */
  String newId() {
    byte[] bytes = new byte[ID_BYTES];
    settings.random().nextBytes(bytes);
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Takes a place for one more; {@link Flowing#begin} follows, or {@link Flowing#end}.
   *
   * @param method that was called for it
   * @param family who may end it
   * @throws FaultException if there are too many
   */
  Flowing open(String id, String method, String family, String notification) {
    lock.lock();
    try {
      Map<String, Flowing> known = byId == null ? new HashMap<>() : byId;
      if (known.size() >= MOST) {
        throw new FaultException(FaultCode.OVERLOADED, "too many subscriptions");
      }
      Flowing opened = new Flowing(id, method, family, notification);
      if (ended) {
        opened.end();
      } else {
        known.put(id, opened);
        byId = known;
      }
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** False if there is no such one of this family. */
  boolean end(String id, String family) {
    Flowing found;
    lock.lock();
    try {
      Map<String, Flowing> known = byId;
      found = known == null ? null : known.get(id);
      if (known == null || found == null || !found.family.equals(family)) {
        return false;
      }
      known.remove(id);
    } finally {
      lock.unlock();
    }
    found.end();
    return true;
  }

  /** The methods that were called for those there are. */
  Set<String> methods() {
    lock.lock();
    try {
      Set<String> called = new HashSet<>();
      if (byId != null) {
        byId.values().forEach(each -> called.add(each.method));
      }
      return called;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all for which a method was called; false if there is none. */
  boolean endAll(String method) {
    List<Flowing> found;
    lock.lock();
    try {
      found =
          byId == null
              ? List.of()
              : byId.values().stream().filter(each -> each.method.equals(method)).toList();
    } finally {
      lock.unlock();
    }
    found.forEach(Flowing::end);
    return !found.isEmpty();
  }

  /** The connection has ended, and all of them with it. */
  void ended() {
    List<Flowing> last;
    lock.lock();
    try {
      ended = true;
      last = byId == null ? List.of() : List.copyOf(byId.values());
      byId = null;
    } finally {
      lock.unlock();
    }
    last.forEach(Flowing::end);
  }

  int size() {
    lock.lock();
    try {
      return byId == null ? 0 : byId.size();
    } finally {
      lock.unlock();
    }
  }

  private void forget(Flowing gone) {
    lock.lock();
    try {
      if (byId != null) {
        byId.remove(gone.id, gone);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * One subscription: pulls its items on a worker and tells them as fast as the link takes them.
   */
  final class Flowing {
    private static final long LOOK_FOR_ROOM_EVERY = 20_000_000; // nanoseconds

    private final String id;
    private final String method;
    private final String family;
    private final String notification;
    private final ReentrantLock telling = new ReentrantLock();
    private final Condition over = telling.newCondition();
    private boolean closed; // guarded by telling
    private @Nullable Serving serving; // guarded by telling

    private Flowing(String id, String method, String family, String notification) {
      this.id = id;
      this.method = method;
      this.family = family;
      this.notification = notification;
    }

    /** The peer knows the id: items may follow. They are closed in the end, if they can be. */
    void begin(Iterable<?> items) {
      Serving run = new Serving(go -> flow(items, go));
      telling.lock();
      try {
        serving = run;
        if (closed) {
          run.interrupt();
        }
      } finally {
        telling.unlock();
      }
      try {
        settings.workers().execute(run);
      } catch (RejectedExecutionException e) {
        end();
        run.run(); // closes, and nothing else
      }
    }

    /** No item is told any more. Idempotent. */
    void end() {
      telling.lock();
      try {
        closed = true;
        over.signalAll();
        if (serving != null) {
          serving.interrupt();
        }
      } finally {
        telling.unlock();
      }
      forget(this);
    }

    private void flow(Iterable<?> items, boolean go) {
      try {
        if (go) {
          tellAll(items);
        }
      } catch (Throwable e) { // nobody waits for an answer; what broke has to be found
        failed(e);
      } finally {
        end();
        close(items);
      }
    }

    private void tellAll(Iterable<?> items) throws Exception {
      if (items instanceof ItemStream<?> stream) { // its items may be pushed
        stream.drainTo(item -> {
          if (!tell(item)) {
            throw new InterruptedException();
          }
        });
        return;
      }
      for (Object item : items) {
        if (!tell(item)) {
          return;
        }
      }
    }

    private void close(Iterable<?> items) {
      var unused = Thread.interrupted(); // that has done its work, and closing may block
      if (items instanceof AutoCloseable source) {
        try {
          source.close();
        } catch (Exception e) {
          LOG.log(Level.WARNING, "not closed properly notification=" + notification, e);
        }
      }
    }

    private void failed(Throwable cause) {
      if (!over()) { // what an interrupted source throws is no news
        LOG.log(Level.ERROR, "subscription failed notification=" + notification, cause);
      }
    }

    private boolean over() {
      telling.lock();
      try {
        return closed;
      } finally {
        telling.unlock();
      }
    }

    /** Waits for room; false if nobody listens any more. */
    private boolean tell(@Nullable Object item) throws InterruptedException {
      RawJson params = params(item);
      telling.lock();
      try {
        while (!closed) {
          switch (out.notify(notification, params)) {
            case QUEUED -> {
              return true;
            }
            case CLOSED -> closed = true;
            case FULL -> {
              var unused = over.awaitNanos(LOOK_FOR_ROOM_EVERY);
            }
          }
        }
        return false;
      } finally {
        telling.unlock();
      }
    }

    private RawJson params(@Nullable Object item) {
      RawJson result = item instanceof RawJson raw ? raw : settings.values().encode(item);
      JsonWriter out = new JsonWriter().beginObject().name("subscription").value(id);
      return out.name("result").value(result).endObject().toRawJson();
    }
  }
}
