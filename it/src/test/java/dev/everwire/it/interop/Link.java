package dev.everwire.it.interop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One open connection of a {@link RealClient}. Hears from any thread, is asked by one. */
abstract class Link {
  /** For opening too. Far above what it takes: machines that build are busy. */
  static final Duration WITHIN = Duration.ofSeconds(30);

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

  /** What the server agreed to; empty if nothing. */
  abstract String extensions();

  abstract void text(String text) throws Exception;

  abstract void binary(byte[] bytes) throws Exception;

  /** A text of so many letters. */
  void fill(int length) throws Exception {
    text("a".repeat(length));
  }

  /** One text in so many frames. */
  void fragments(List<String> texts) throws Exception {
    throw new UnsupportedOperationException();
  }

  /**
   * @param payload left out by a client that cannot {@link Can#FILL_PING}
   */
  void ping(byte[] payload) throws Exception {
    throw new UnsupportedOperationException();
  }

  abstract void close(int code, String reason) throws Exception;

  final void hear(Heard what) {
    heard.add(what);
  }

  final Heard next() throws InterruptedException {
    Heard next = heard.poll(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    return next == null ? new Heard.Broken("nothing was heard for " + WITHIN) : next;
  }
}
