package dev.everwire.it;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * One running process whose lines can be waited for. Every wait has a deadline, and a wait in vain
 * says all that the process printed.
 */
public final class Program implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(45);

  private final String name;
  private final Process process;
  private final Output out;
  private final Output err;

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    this.out = new Output(process.getInputStream());
    this.err = new Output(process.getErrorStream());
  }

  /** Runs {@code everwire} with these arguments, from the packaged jar and on this JVM's JDK. */
  public static Program everwire(String... args) throws IOException {
    return everwire(Map.of(), args);
  }

  /** As the other, with more in its environment. */
  public static Program everwire(Map<String, String> environment, String... args)
      throws IOException {
    String jar = System.getProperty("everwire.jar", "");
    if (!Files.isRegularFile(Path.of(jar))) {
      throw new AssertionError("everwire.jar: \"" + jar + "\" (expected: the packaged program)");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar));
    command.addAll(List.of(args));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().putAll(environment);
    return new Program("everwire " + String.join(" ", args), process.start());
  }

  public static Program start(String name, List<String> command, File directory)
      throws IOException {
    return new Program(name, new ProcessBuilder(command).directory(directory).start());
  }

  /** Waits for a line of standard output that is so, among those printed already too. */
  public String out(Predicate<String> line) throws InterruptedException {
    return out.await(line);
  }

  /** As {@link #out} for standard error. */
  public String err(Predicate<String> line) throws InterruptedException {
    return err.await(line);
  }

  /** Waits for so many lines of standard output and gives those there are. */
  public List<String> outLines(int count) throws InterruptedException {
    return out.await(count);
  }

  /** All of standard error; complete once {@link #exit} has returned. */
  public List<String> errLines() throws InterruptedException {
    return err.await(0);
  }

  /** Nobody reads standard output any more. */
  public void stopReading() throws IOException {
    process.getInputStream().close();
  }

  /** Writes to standard input and closes it. */
  public void type(String text) throws IOException {
    try (var in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL, and waits until it has worked. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    int unused = exit();
  }

  /** Waits for the end of the process and of its output. */
  public int exit() throws InterruptedException {
    return exit(DEADLINE);
  }

  public int exit(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still runs after " + within + ": " + this);
    }
    out.awaitEnd();
    err.awaitEnd();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public String toString() {
    return name + "\n--- standard output\n" + out + "\n--- standard error\n" + err;
  }

  /** The lines of one stream. Safe from any thread. */
  private final class Output {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<String> lines = new ArrayList<>(); // guarded by lock
    private boolean ended; // guarded by lock

    Output(InputStream in) {
      Thread.ofVirtual().start(() -> read(in));
    }

    String await(Predicate<String> wanted) throws InterruptedException {
      long left = DEADLINE.toNanos();
      lock.lock();
      try {
        for (int next = 0; ; next++) {
          while (next == lines.size()) {
            if (ended || left <= 0) {
              throw new AssertionError("the line did not come: " + Program.this);
            }
            left = more.awaitNanos(left);
          }
          if (wanted.test(lines.get(next))) {
            return lines.get(next);
          }
        }
      } finally {
        lock.unlock();
      }
    }

    List<String> await(int count) throws InterruptedException {
      long left = DEADLINE.toNanos();
      lock.lock();
      try {
        while (lines.size() < count) {
          if (ended || left <= 0) {
            throw new AssertionError(count + " lines did not come: " + Program.this);
          }
          left = more.awaitNanos(left);
        }
        return List.copyOf(lines);
      } finally {
        lock.unlock();
      }
    }

    void awaitEnd() throws InterruptedException {
      long left = DEADLINE.toNanos();
      lock.lock();
      try {
        while (!ended) {
          if (left <= 0) {
            throw new AssertionError("output did not end: " + Program.this);
          }
          left = more.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      lock.lock();
      try {
        return String.join("\n", lines);
      } finally {
        lock.unlock();
      }
    }

    private void read(InputStream in) {
      try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          add(line);
        }
      } catch (IOException | UncheckedIOException e) {
        // closed from this side
      } finally {
        end();
      }
    }

    private void add(String line) {
      lock.lock();
      try {
        lines.add(line);
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      lock.lock();
      try {
        ended = true;
        more.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
