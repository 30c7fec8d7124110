package dev.everwire.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that only moves when told to. Safe from any thread. */
final class ManualClock implements InstantSource {
  private final AtomicReference<Instant> now = new AtomicReference<>(Tokens.NOW);

  @Override
  public Instant instant() {
    return now.get();
  }

  void advance(Duration by) {
    now.updateAndGet(then -> then.plus(by));
  }
}
