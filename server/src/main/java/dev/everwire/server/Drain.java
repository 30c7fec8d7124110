package dev.everwire.server;

import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ends the connections of a server that accepts no more: refuses new calls, waits until no call
 * runs, at most as long as allowed, closes all with 1001, and waits until they are gone. Uses one
 * loop and its time.
 */
final class Drain {
  static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final long LOOK_EVERY = Duration.ofMillis(20).toNanos();

  private final Roster roster;
  private final Loop loop;
  private final long callsUntil;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  Drain(Roster roster, Loop loop, Duration callsFor) {
    this.roster = roster;
    this.loop = loop;
    this.callsUntil = loop.now() + callsFor.toNanos();
  }

  /** Completes when no connection is left, or the time is over. */
  CompletionStage<Void> begin() {
    roster.drain();
    loop.execute(this::lookForCalls);
    return done;
  }

  private void lookForCalls() {
    roster
        .inboundCalls()
        .whenComplete((calls, failure) -> loop.execute(() -> counted(calls == null ? 0 : calls)));
  }

  private void counted(int calls) {
    if (calls > 0 && loop.now() - callsUntil < 0) {
      loop.schedule(LOOK_EVERY, this::lookForCalls);
      return;
    }
    loop.schedule(CLOSE_WITHIN.toNanos(), () -> done.complete(null));
    roster.closeAll().whenComplete((nothing, failure) -> done.complete(null));
  }
}
