package dev.everwire.session.internal;

import dev.everwire.protocol.Message;
import dev.everwire.session.internal.rpc.CallBook;
import dev.everwire.session.transport.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the connections of one session: the book of the peer's calls, and which connection
 * has it now. Owned by one loop at a time, that of the connection that has it or had it last; it
 * moves from loop to loop by tasks, so nothing here is locked.
 *
 * <p>A handler that runs on from a former connection brings its answer to the owner's loop, where
 * it is sent on the connection that has the session then, or kept until one does.
 */
public final class KeptSession {

  /** Is told, on the loop of the connection that takes the session, how that went. */
  public interface Taken {
    /**
     * It is the connection's now, to be {@linkplain Connection#establish established}.
     *
     * @param former the connection that had it, takes no more calls and is to be closed; null if it
     *     was lost
     */
    void taken(@Nullable Connection former);

    /** It is over. */
    void over();

    /** Another connection came later and has it. */
    void overtaken();
  }

  private final CallBook book = new CallBook();
  private @Nullable Connection leaving; // fenced, and no other has the session yet
  private @Nullable List<Connection> behind; // former ones on which calls run on
  private @Nullable LongConsumer scale; // while it is lost
  private int elsewhere; // of the calls that run, those that came on former connections
  private volatile Loop owner;
  private volatile long generation; // written by the owner
  private volatile @Nullable Connection current; // written by the owner, read by handlers
  private volatile boolean over; // written by the owner

  /** The session of a connection on whose loop this is. */
  public KeptSession(Connection first) {
    this.owner = first.loop();
    this.current = first;
    this.generation = 1;
  }

  /** Counts the connections that have had it. Safe from any thread. */
  public long generation() {
    return generation;
  }

  /** The connection that has it; null while it is lost, and at the end. Safe from any thread. */
  public @Nullable Connection current() {
    return current;
  }

  /** For good. Safe from any thread. */
  public boolean over() {
    return over;
  }

  /** Of the peer's calls. On the owner's loop. */
  public CallBook book() {
    return book;
  }

  /** Calls that run or wait and came on former connections. On the owner's loop. */
  int elsewhere() {
    return elsewhere;
  }

  /** Gives it to another connection. Safe from any thread. */
  public void take(Connection by, Taken taken) {
    boolean posted =
        onOwner(() -> {
          if (over) {
            by.later(taken::over);
          } else {
            give(by, taken);
          }
        });
    if (!posted) {
      by.later(taken::over); // the loop ended, and the server with it
    }
  }

  /** On the owner's loop. */
  private void give(Connection by, Taken taken) {
    Connection former = current;
    if (former != null) {
      former.tenure().fence();
      leaving = former;
      runsOn(former);
    }
    long mine = generation + 1;
    generation = mine;
    current = null;
    owner = by.loop();
    by.later(() -> {
      if (generation != mine) {
        taken.overtaken(); // whoever came later finds the one that leaves
      } else if (over) {
        taken.over();
      } else {
        current = by;
        elsewhere = book.running();
        Connection leaves = leaving;
        leaving = null;
        taken.taken(leaves);
      }
    });
  }

  /**
   * A connection is gone. On its loop.
   *
   * @return whether it had the session, which is lost now
   */
  public boolean lost(Connection connection) {
    boolean had = current == connection;
    if (had) {
      current = null;
      runsOn(connection);
    }
    return had;
  }

  /** Calls of a former connection may run on there. On the owner's loop, which is that one's. */
  private void runsOn(Connection former) {
    if (former.inboundCalls() > 0) {
      behind = behind == null ? new ArrayList<>(1) : behind;
      behind.add(former);
    }
  }

  /** No call of a former connection runs any more. From the loop of that one. */
  void ranOut(Connection former) {
    var unused =
        onOwner(() -> {
          if (behind != null) {
            behind.remove(former);
          }
        });
  }

  /**
   * While it is lost, what its answers come to weigh more is told, on the owner's loop; null for
   * nobody.
   */
  public void weigh(@Nullable LongConsumer newScale) {
    scale = newScale;
  }

  /**
   * Ends it for good, unless a connection came meanwhile. On the owner's loop.
   *
   * @param since the generation that was lost
   * @return false if it goes on
   */
  public boolean end(long since) {
    if (over || generation != since || !owner.inLoop()) {
      return false;
    }
    over = true;
    current = null;
    scale = null;
    elsewhere = 0;
    book.clear();
    if (leaving != null) {
      leaving.later(leaving.tenure()::replaced);
      leaving = null;
    }
    if (behind != null) {
      behind.forEach(former -> former.later(former.tenure()::forget));
      behind = null;
    }
    return true;
  }

  /** A call of a former connection has its answer. From the loop of that one. */
  void answered(long number, Message.Response response) {
    var unused =
        onOwner(() -> {
          if (over) {
            return;
          }
          long before = book.bytes();
          book.answered(number, response);
          elsewhere = Math.max(0, elsewhere - 1);
          Connection now = current;
          if (now != null) {
            now.deliver(response);
          } else if (scale != null) {
            scale.accept(book.bytes() - before);
          }
        });
  }

  /** Does something where it may touch the book; at once if that is here. Safe from any thread. */
  public boolean onOwner(Runnable task) {
    Loop loop = owner;
    if (loop.inLoop()) {
      task.run();
      return true;
    }
    try {
      loop.execute(() -> {
        var unused = onOwner(task); // it may have moved on meanwhile
      });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
