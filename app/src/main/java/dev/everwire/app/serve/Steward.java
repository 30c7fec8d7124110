package dev.everwire.app.serve;

import dev.everwire.app.log.Logs;
import dev.everwire.config.Change;
import dev.everwire.config.ConfigDiff;
import dev.everwire.config.Configured;
import dev.everwire.config.Loaded;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Problem;
import dev.everwire.server.Server;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.admin.Reloaded;
import dev.everwire.server.drain.DrainReport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Does what administrators ask of the program around a server: reads the configuration again, has
 * the log say more or less, and ends the server when it has drained. Safe from any thread.
 */
public final class Steward implements Operations {
  private static final Logger LOG = System.getLogger(Steward.class.getName());

  private static final int LONGEST = 200; // characters of a value in a line

  private final ConfigSource source;
  private final Configured configured;
  private final Logs logs;
  private final ReentrantLock reading = new ReentrantLock(); // what is read last holds
  private final AtomicReference<@Nullable Server> serving = new AtomicReference<>();

  public Steward(ConfigSource source, Configured configured, Logs logs) {
    this.source = source;
    this.configured = configured;
    this.logs = logs;
  }

  /** Whose steward it is, once it runs. */
  public void serves(Server server) {
    serving.set(server);
  }

  @Override
  public Reloaded reload(boolean dryRun) {
    Server server = serving.get();
    if (server == null) {
      throw new UnsupportedOperationException("the server is still starting");
    }
    reading.lock();
    try {
      Loaded loaded = source.load();
      ConfigDiff diff = ConfigDiff.between(configured.config(), loaded.config());
      List<String> restart =
          diff.restart().stream().map(change -> change.path() + ": needs a restart").toList();
      if (!restart.isEmpty()) {
        return refused(diff, dryRun, restart);
      }
      if (dryRun) {
        return new Reloaded(changes(diff), false, List.of());
      }
      for (Problem warning : loaded.warnings()) {
        LOG.log(Level.WARNING, "configuration " + warning);
      }
      diff = configured.reload(server, loaded.config());
      diff.changes()
          .forEach(change -> LOG.log(Level.INFO, "configuration changed " + line(change)));
      LOG.log(Level.INFO, "configuration reloaded changes=" + diff.changes().size());
      return new Reloaded(changes(diff), true, List.of());
    } catch (ConfigException e) {
      List<String> problems = e.problems().stream().map(Problem::toString).toList();
      return refused(new ConfigDiff(List.of()), dryRun, problems);
    } finally {
      reading.unlock();
    }
  }

  private static Reloaded refused(ConfigDiff diff, boolean dryRun, List<String> problems) {
    if (!dryRun) {
      problems.forEach(why -> LOG.log(Level.WARNING, "configuration not reloaded " + why));
    }
    return new Reloaded(changes(diff), false, problems);
  }

  private static String line(Change change) {
    return change.path() + ": " + cut(change.before()) + " -> " + cut(change.after());
  }

  /** There may be thousands of keys in a list. */
  private static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
  }

  private static List<Reloaded.Change> changes(ConfigDiff diff) {
    return diff.changes().stream()
        .map(change ->
            new Reloaded.Change(change.path(), change.before(), change.after(), change.live()))
        .toList();
  }

  @Override
  public Level logLevel(String logger, Level level) {
    Level before = logs.level(logger, level);
    LOG.log(
        Level.INFO, "log level logger=" + (logger.isEmpty() ? "root" : logger) + " level=" + level);
    return before;
  }

  /** The process ends when its server has. */
  @Override
  public void drained(DrainReport report) {
    Server server = serving.get();
    if (server != null) {
      // this is one of the server's workers, which it waits for
      Thread.ofPlatform().name("everwire-close").start(server::close);
    }
  }
}
