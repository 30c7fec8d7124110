package dev.everwire.it.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A call that has been made. */
record Ongoing(CompletableFuture<Answer> end, Runnable cancel) {
  /** Far above what it takes: machines that build are busy. */
  private static final long WITHIN_SECONDS = 30;

  Answer answer() throws Exception {
    return end.get(WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  boolean ended() {
    return end.isDone();
  }
}
