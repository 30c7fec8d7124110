package dev.everwire.auth;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the keys that a token may be signed with. Never blocks; safe from any thread. */
interface KeySource {

  /**
   * @param id what the token names; null if it names none
   */
  CompletionStage<Found> find(@Nullable String id, SigningAlgorithm algorithm);

  /** What came of it. */
  sealed interface Found {
    /** To try one after the other, at least one. */
    record Keys(List<VerifyingKey> keys) implements Found {}

    /** There is no such key. */
    record Nothing() implements Found {}

    /** It cannot be known now. */
    record Later(Duration retryAfter) implements Found {}
  }
}
