package dev.everwire.config.acts;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What some loggers say meanwhile. */
final class LogLines extends Handler implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;

  LogLines(String name) {
    logger = Logger.getLogger(name); // kept: loggers are forgotten otherwise
    logger.addHandler(this);
  }

  boolean has(String part) {
    return lines.stream().anyMatch(line -> line.contains(part));
  }

  @Override
  public void publish(LogRecord said) {
    lines.add(said.getLevel() + " " + said.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
