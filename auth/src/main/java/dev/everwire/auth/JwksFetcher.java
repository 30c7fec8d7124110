package dev.everwire.auth;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Fetches a key set. Ends within its own deadline; never blocks. */
@FunctionalInterface
interface JwksFetcher extends AutoCloseable {

  CompletableFuture<Answer> fetch();

  /** What is under way fails. */
  @Override
  default void close() {}

  /**
   * What an endpoint answered.
   *
   * @param maxAge how long it says that this is good; null if it does not
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
  record Answer(byte[] body, @Nullable Duration maxAge) {}
}
