package dev.everwire.server;

import dev.everwire.protocol.CloseCode;
import dev.everwire.session.Caller;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Transport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** The open connections of a server, whatever is spoken on them. Safe from any thread. */
final class Roster {
  static final String REASON = "server shutdown";

  /** What a connection is asked for, on its loop. */
  interface Member {
    /** A connection that speaks no calls. */
    Member RAW =
        new Member() {
          @Override
          public void drain() {}

          @Override
          public int inboundCalls() {
            return 0;
          }

          @Override
          public Optional<Caller> caller() {
            return Optional.empty();
          }
        };

    static Member of(Connection connection) {
      return new Member() {
        @Override
        public void drain() {
          connection.drain();
        }

        @Override
        public int inboundCalls() {
          return connection.inboundCalls();
        }

        @Override
        public Optional<Caller> caller() {
          return Optional.of(connection.caller());
        }
      };
    }

    /** Refuses new calls from now on. */
    void drain();

    /** Calls that run or wait. */
    int inboundCalls();

    /** Who is there, if calls are spoken. From any thread. */
    Optional<Caller> caller();
  }

  private final Map<Transport, Member> open = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private volatile boolean draining; // set once, seen by every loop
  private volatile boolean closing; // set once, seen by every loop

  /** A connection is open. On its loop. */
  void enter(Transport transport, Member member) {
    open.put(transport, member);
    if (draining) {
      member.drain();
    }
    if (closing) {
      transport.close(CloseCode.GOING_AWAY.value(), REASON);
    }
  }

  void leave(Transport transport) {
    open.remove(transport);
    completeIfLeft();
  }

  int size() {
    return open.size();
  }

  /** Those who can be called, at this moment. */
  List<Caller> callers() {
    return open.values().stream().flatMap(member -> member.caller().stream()).toList();
  }

  /** All connections refuse new calls from now on, also those that come later. */
  void drain() {
    draining = true;
    open.forEach((transport, member) -> onLoop(transport, member::drain));
  }

  /** How many calls run or wait on all connections together, counted on their loops. */
  CompletionStage<Integer> inboundCalls() {
    CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
    for (Map.Entry<Transport, Member> entry : open.entrySet()) {
      CompletableFuture<Integer> one = new CompletableFuture<>();
      if (!onLoop(entry.getKey(), () -> one.complete(entry.getValue().inboundCalls()))) {
        one.complete(0);
      }
      sum = sum.thenCombine(one, Integer::sum);
    }
    return sum;
  }

  /**
   * Begins to close everything that is open, and what comes later.
   *
   * @return completes when nobody is there any more
   */
  CompletionStage<Void> closeAll() {
    closing = true;
    for (Transport transport : open.keySet()) {
      onLoop(transport, () -> transport.close(CloseCode.GOING_AWAY.value(), REASON));
    }
    completeIfLeft();
    return left;
  }

  private void completeIfLeft() {
    if (closing && open.isEmpty()) {
      left.complete(null);
    }
  }

  /** False if the loop has ended, and its connections with it. */
  private static boolean onLoop(Transport transport, Runnable task) {
    try {
      transport.loop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
