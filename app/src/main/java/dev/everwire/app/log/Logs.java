package dev.everwire.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;

/**
 * How much a process logs, how it is written and where it goes. Standard output is for results, so
 * without a file everything goes to standard error. Safe from any thread.
 */
public final class Logs {
  /** Who did what and who was refused. */
  public static final String AUDIT = "dev.everwire.audit";

  /** How a line looks. */
  public enum Format {
    TEXT,
    JSON
  }

  private static final int MOST_NAMED = 100; // loggers given a level of their own; they are kept
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %-24logger{0} %msg%n";
  private static final String AUDIT_PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n"; // read long after its day
  private static final String LARGEST_FILE = "64MB";
  private static final String LARGEST_OF_ALL = "1GB";
  private static final int DAYS_KEPT = 90;

  private final LoggerContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> named = new HashSet<>(); // guarded by lock

  Logs(LoggerContext context) {
    this.context = context;
  }

  /** Those of this process. */
  public static Logs ofProcess() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      return new Logs(context);
    }
    throw new IllegalStateException("Logback is not what carries this program's log");
  }

  /** Has standard error written so. From then on the audit log has a level of its own. */
  public void format(Format format) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(format, PATTERN));
    appender.start();
    Logger root = logger("");
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    logger(AUDIT).setLevel(Level.INFO);
  }

  /**
   * Sends the audit log to a file of its own instead, where it is told of refusals and of what
   * administrators did whatever the level of the rest. A file of a day, or of 64 MB, is kept beside
   * it with its date; all together are at most 90 days and 1 GB.
   *
   * @throws IOException if it cannot be written to, with one sentence
   */
  public void audit(Path file, Format format) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (absolute.toString().indexOf('%') >= 0) { // it would begin a pattern
      throw new IOException(file + " cannot be written (expected: no % in its path)");
    }
    try {
      AuditFile.create(absolute);
    } catch (IOException e) {
      throw new IOException(file + " cannot be written", e);
    }
    RollingFileAppender<ILoggingEvent> appender = new AuditFile();
    appender.setContext(context);
    appender.setName("audit");
    appender.setFile(absolute.toString());
    appender.setEncoder(encoder(format, AUDIT_PATTERN));
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(absolute + ".%d{yyyy-MM-dd}.%i");
    rolling.setMaxFileSize(FileSize.valueOf(LARGEST_FILE));
    rolling.setMaxHistory(DAYS_KEPT);
    rolling.setTotalSizeCap(FileSize.valueOf(LARGEST_OF_ALL));
    rolling.start();
    appender.setRollingPolicy(rolling);
    appender.start();
    Logger audit = logger(AUDIT);
    audit.setLevel(Level.INFO);
    audit.setAdditive(false);
    audit.detachAndStopAllAppenders();
    audit.addAppender(appender);
  }

  private Encoder<ILoggingEvent> encoder(Format format, String pattern) {
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern(pattern);
            text.setCharset(StandardCharsets.UTF_8);
            yield text;
          }
          case JSON -> new JsonLines();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /**
   * Has a logger, and those below it that have no level of their own, say more or less from now on.
   *
   * <p>The audit log tells at least what is of level info: nobody administers unseen.
   *
   * @param name empty for all
   * @return what held before
   * @throws IllegalArgumentException if too many loggers have a level of their own, or the audit
   *     log would tell less
   */
  public System.Logger.Level level(String name, System.Logger.Level level) {
    if ((name + ".").startsWith(AUDIT + ".")
        && level.getSeverity() > System.Logger.Level.INFO.getSeverity()) {
      throw new IllegalArgumentException(
          "level: " + level + " (expected: info or more, which the audit log always tells)");
    }
    lock.lock();
    try {
      if (!name.isEmpty() && !named.contains(name)) {
        if (named.size() == MOST_NAMED) {
          throw new IllegalArgumentException(
              "logger: "
                  + MOST_NAMED
                  + " have a level of their own already (expected: one of them, or root)");
        }
        named.add(name);
      }
      Logger logger = logger(name);
      System.Logger.Level before = word(logger.getEffectiveLevel());
      logger.setLevel(level(level));
      return before;
    } finally {
      lock.unlock();
    }
  }

  private Logger logger(String name) {
    return context.getLogger(name.isEmpty() ? org.slf4j.Logger.ROOT_LOGGER_NAME : name);
  }

  private static Level level(System.Logger.Level word) {
    return switch (word) {
      case OFF -> Level.OFF;
      case ERROR -> Level.ERROR;
      case WARNING -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE, ALL -> Level.TRACE;
    };
  }

  private static System.Logger.Level word(Level level) {
    return switch (level.toInt()) {
      case Level.OFF_INT -> System.Logger.Level.OFF;
      case Level.ERROR_INT -> System.Logger.Level.ERROR;
      case Level.WARN_INT -> System.Logger.Level.WARNING;
      case Level.INFO_INT -> System.Logger.Level.INFO;
      case Level.DEBUG_INT -> System.Logger.Level.DEBUG;
      default -> System.Logger.Level.TRACE;
    };
  }
}
