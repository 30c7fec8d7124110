package dev.everwire.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** What a process has lost between two moments: sockets, heap, and its calm in the log. */
final class Damage implements AutoCloseable {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long HEAP_MAY_GROW = 24L * 1024 * 1024;

  /** It opens one, and keeps it, when it first closes a socket that somebody reads from. */
  private static final int SOCKETS_OF_THE_JDK = 2;

  private static final Logger ROOT = Logger.getLogger("");

  private final List<String> outcries = new CopyOnWriteArrayList<>();
  private final Handler listening = new Outcries();
  private final List<String> sockets;
  private final long heap;

  private Damage() {
    ROOT.addHandler(listening);
    this.sockets = sockets();
    this.heap = heap();
  }

  static Damage from() {
    return new Damage();
  }

  /** A fault of the peer is not one of ours: no error in the log, whatever came. */
  void assertNone() {
    assertThat(outcries).as("errors in the log").isEmpty();
    awaitSockets();
    assertThat(heap()).as("live heap").isLessThan(heap + HEAP_MAY_GROW);
  }

  @Override
  public void close() {
    ROOT.removeHandler(listening);
  }

  private void awaitSockets() {
    try {
      Await.until(() -> sockets().size() <= sockets.size() + SOCKETS_OF_THE_JDK);
    } catch (AssertionError e) {
      List<String> more = new ArrayList<>(sockets());
      more.removeAll(sockets);
      throw new AssertionError("descriptors that were not open before: " + more, e);
    }
  }

  /** Descriptors of sockets, event polls and the like; not of files, which the JVM opens lazily. */
  private static List<String> sockets() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return List.of(); // not on Linux
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.map(Damage::target)
          .filter(target -> target.startsWith("socket:") || target.startsWith("anon_inode:"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private final class Outcries extends Handler {
    @Override
    public void publish(LogRecord log) {
      String logger = String.valueOf(log.getLoggerName());
      int serious =
          logger.startsWith("io.netty") ? Level.WARNING.intValue() : Level.SEVERE.intValue();
      if (log.getLevel().intValue() >= serious) {
        outcries.add(logger + ": " + log.getMessage() + " " + log.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
