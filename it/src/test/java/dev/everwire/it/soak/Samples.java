package dev.everwire.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What this process holds, again and again, and whether it grows. One thread at a time. */
final class Samples {
  private static final double HEAP_FACTOR = 1.15;
  private static final long HEAP_SLACK = 4L << 20;
  private static final long THREAD_SLACK = 2;
  private static final long FILE_SLACK = 6; // an old and a new connection, at two ends and a proxy

  private record Sample(long heap, long threads, long files) {
    @Override
    public String toString() {
      return "%.1f MiB, %d threads, %d files".formatted(heap / (double) (1 << 20), threads, files);
    }
  }

  private final List<Sample> samples = new ArrayList<>();

  /** Collects garbage first, so what is counted is in use. */
  String take() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long threads = ManagementFactory.getThreadMXBean().getThreadCount();
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0;
    Sample sample = new Sample(heap, threads, files);
    samples.add(sample);
    return sample.toString();
  }

  /** The last quarter beside the first. */
  void assertFlat() {
    Sample first = median(samples.subList(0, samples.size() / 4));
    Sample last = median(samples.subList(samples.size() - samples.size() / 4, samples.size()));
    String compared = "first quarter: " + first + "; last quarter: " + last;
    System.out.println(compared);
    assertThat(last.heap())
        .as(compared)
        .isLessThan((long) (HEAP_FACTOR * first.heap()) + HEAP_SLACK);
    assertThat(last.threads()).as(compared).isLessThanOrEqualTo(first.threads() + THREAD_SLACK);
    assertThat(last.files()).as(compared).isLessThanOrEqualTo(first.files() + FILE_SLACK);
  }

  private static Sample median(List<Sample> of) {
    return new Sample(
        median(of, Sample::heap), median(of, Sample::threads), median(of, Sample::files));
  }

  private static long median(List<Sample> of, ToLongFunction<Sample> what) {
    return of.stream().mapToLong(what).sorted().skip(of.size() / 2).findFirst().orElseThrow();
  }
}
