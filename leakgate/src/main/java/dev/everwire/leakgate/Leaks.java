package dev.everwire.leakgate;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Collects what Netty's leak detectors find. Safe from any thread. */
final class Leaks {
  /** One collection's references are all queued when the next one's are; and one for chains. */
  private static final int ROUNDS = 3;

  private static final int COLLECTIONS = 50;
  private static final long PATIENCE_MILLIS = 100;
  private static final int SHOWN = 5;
  private static final Pattern FRAMEWORK =
      Pattern.compile("\\s+(java\\.base/|org\\.junit\\.|org\\.apache\\.maven\\.)");

  private final List<Detector<?>> detectors = new CopyOnWriteArrayList<>();
  private final List<String> found = new CopyOnWriteArrayList<>();

  /**
   * Follows each reference-counted object of this JVM. Comes before the first of them: Netty's
   * classes take their detector when they are loaded.
   */
  void followAll() {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  <T> ResourceLeakDetector<T> detector(Class<T> resource) {
    var detector = new Detector<T>(resource);
    detectors.add(detector);
    return detector;
  }

  /** What was dropped without a release, one text with its history each. */
  List<String> find() {
    for (int round = 0; round < ROUNDS; round++) {
      collectGarbage();
      detectors.forEach(Detector::look);
    }
    return List.copyOf(found);
  }

  /**
   * @throws AssertionError if something was dropped without a release
   */
  void assertNone() {
    List<String> leaks = find();
    if (!leaks.isEmpty()) {
      List<String> shown = leaks.subList(0, Math.min(SHOWN, leaks.size()));
      throw new AssertionError(
          leaks.size() + " leaked and not released:\n" + String.join("\n\n", shown));
    }
  }

  /** Returns when what an earlier collection found has reached the detectors. */
  private static void collectGarbage() {
    var queue = new ReferenceQueue<Object>();
    var canary = new WeakReference<>(new Object(), queue); // held, or it would not be queued
    try {
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
        if (queue.remove(PATIENCE_MILLIS) != null) { // the canary: nothing else is queued here
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError(
        "no garbage is collected, " + canary + " stays: leaks cannot be found");
  }

  /** A leak's history names the call that leaked between a hundred of the test framework's. */
  private static String ownLines(String records) {
    return records
        .lines()
        .filter(line -> !FRAMEWORK.matcher(line).lookingAt())
        .collect(Collectors.joining("\n"));
  }

  private final class Factory extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // abstract, so there is no way around it
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return detector(resource);
    }
  }

  private final class Detector<T> extends ResourceLeakDetector<T> {
    @SuppressWarnings("deprecation") // all constructors are; Netty's own subclasses use them too
    Detector(Class<T> resource) {
      super(resource, 1);
    }

    /** The detector reports what the collector dropped whenever it starts to follow something. */
    @SuppressWarnings("unchecked") // never used as a T: followed for a moment, then let go
    void look() {
      T bait = (T) new Object();
      ResourceLeakTracker<T> tracker = track(bait);
      if (tracker == null || !tracker.close(bait)) {
        throw new AssertionError("leak detection was switched off");
      }
    }

    @Override
    protected boolean needReport() {
      return true; // whatever the log's level
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      found.add(resourceType + ownLines(records));
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      found.add(resourceType + ", nobody touched it");
    }
  }
}
