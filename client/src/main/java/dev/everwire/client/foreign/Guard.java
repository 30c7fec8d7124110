package dev.everwire.client.foreign;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Asks a handler, which is somebody else's code: what it throws is logged and goes no further. */
final class Guard {
  private static final Logger LOG = System.getLogger(ProtocolHandler.class.getName());

  // By method, so there are few; of all handlers together.
  private static final Map<String, AtomicLong> FAILURES = new ConcurrentHashMap<>();

  private Guard() {}

  /** Logs the 1st, 2nd, 4th, 8th … failure: a handler that always fails must not fill the disk. */
  static void failed(String what, Throwable why) {
    long times = FAILURES.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    if (Long.bitCount(times) == 1) {
      LOG.log(Level.ERROR, "handler failed method=" + what + " times=" + times, why);
    }
  }

  /**
   * The answer, or this instead if there is none.
   *
   * @param what the method, for the log
   */
  static <T> T ask(String what, Supplier<T> question, T otherwise) {
    try {
      return Objects.requireNonNull(question.get(), what);
    } catch (RuntimeException | Error e) {
      failed(what, e);
      return otherwise;
    }
  }
}
