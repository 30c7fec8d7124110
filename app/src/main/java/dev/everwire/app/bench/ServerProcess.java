package dev.everwire.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system says about a process on this machine, in the files that Linux keeps
 * below {@code /proc}. Safe from any thread.
 */
public final class ServerProcess {
  /** USER_HZ is 100 on every machine that Linux runs on today, whatever the kernel's own clock. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 11; // fields behind the command's name, which may hold spaces
  private static final int STIME = 12;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");
  private static final Pattern USED =
      Pattern.compile("(?m)^(?!.*(?:Metaspace|class space)).*\\bused ([0-9]+)([KMG])\\b");
  private static final int LONGEST_SECONDS = 60;

  private final Path directory;
  private final String pid;

  private ServerProcess(String pid) {
    this.directory = Path.of("/proc", pid);
    this.pid = pid;
  }

  /**
   * @throws BenchException if there is none, or this is no Linux
   */
  public static ServerProcess of(long pid) {
    ServerProcess process = new ServerProcess(Long.toString(pid));
    process.cpuSeconds();
    return process;
  }

  /** This process; null where it cannot be looked at. */
  static @Nullable ServerProcess self() {
    return Files.isReadable(Path.of("/proc/self/stat")) ? new ServerProcess("self") : null;
  }

  /** User and system time of all its threads, in steps of 10 ms. */
  double cpuSeconds() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
  }

  long residentBytes() {
    Matcher matcher = RESIDENT.matcher(read("status"));
    return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
  }

  /** Bytes of live objects after a collection, or null if it is no JVM that jcmd may ask. */
  @Nullable Long liveHeapBytes() throws InterruptedException {
    if (jcmd("GC.run") == null) {
      return null;
    }
    String info = jcmd("GC.heap_info");
    return info == null ? null : used(info);
  }

  /** The bytes in use that {@code GC.heap_info} tells, in any collector's words. */
  static @Nullable Long used(String heapInfo) {
    Matcher matcher = USED.matcher(heapInfo);
    long sum = 0;
    boolean found = false;
    while (matcher.find()) {
      int shift =
          switch (matcher.group(2)) {
            case "K" -> 10;
            case "M" -> 20;
            default -> 30;
          };
      sum += Long.parseLong(matcher.group(1)) << shift;
      found = true;
    }
    return found ? sum : null;
  }

  private @Nullable String jcmd(String command) throws InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      return null;
    }
    try {
      Path output = Files.createTempFile("everwire-bench", ".txt");
      try {
        Process process =
            new ProcessBuilder(jcmd.toString(), pid, command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return null;
        }
        return process.exitValue() == 0 ? Files.readString(output) : null;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return null;
    }
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new BenchException("process " + pid + " cannot be looked at (no " + directory + ")");
    }
  }
}
