package dev.everwire.it.soak;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What is called, and what the server saw of it. */
final class Book implements Numbers {

  final LongAdder executed = new LongAdder();
  private final AtomicReferenceArray<@Nullable Long> last;
  private volatile @Nullable String wrong;

  Book(int callers) {
    this.last = new AtomicReferenceArray<>(callers);
  }

  @Override
  public long once(int caller, long number) {
    Long before = last.getAndSet(caller, number);
    if (before != null && before >= number) {
      wrong = "caller " + caller + " behind " + before + ": " + number;
    }
    executed.increment();
    return number;
  }

  @Override
  public long twice(long number) {
    return 2 * number;
  }

  @Nullable String wrong() {
    return wrong;
  }
}
