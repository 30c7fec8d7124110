package dev.everwire.session.internal;

import dev.everwire.session.stream.ItemStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is an argument of one of our calls: produced at most once. Safe from any thread.
 */
public final class Argument {
  private final ItemStream<?> stream;
  private final AtomicBoolean taken = new AtomicBoolean();

  Argument(ItemStream<?> stream) {
    this.stream = stream;
  }

  /** The stream for whoever asks first, and is to close it then. */
  @Nullable ItemStream<?> take() {
    return taken.getAndSet(true) ? null : stream;
  }

  /** Closes the stream unless somebody has it. */
  void closeUnlessTaken() {
    ItemStream<?> left = take();
    if (left != null) {
      left.close();
    }
  }
}
