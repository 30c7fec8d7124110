package dev.everwire.access;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** All that any logger says at any level while it is open, with what was thrown. */
final class EveryLogLine extends Handler implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Logger> loggers =
      List.of(Logger.getLogger(""), Logger.getLogger("dev.everwire"), Logger.getLogger("io.netty"));
  private final List<Level> before = loggers.stream().map(Logger::getLevel).toList();
  private final List<Handler> loud = List.of(loggers.getFirst().getHandlers());

  EveryLogLine() {
    setLevel(Level.ALL);
    loud.forEach(loggers.getFirst()::removeHandler); // they need not print it all
    loggers.getFirst().addHandler(this);
    loggers.forEach(logger -> logger.setLevel(Level.ALL));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord record) {
    StringWriter text = new StringWriter();
    text.append(record.getLevel() + " " + record.getLoggerName() + " " + record.getMessage());
    text.append(" " + Arrays.toString(record.getParameters()));
    if (record.getThrown() != null) {
      record.getThrown().printStackTrace(new PrintWriter(text));
    }
    lines.add(text.toString());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    loggers.getFirst().removeHandler(this);
    loud.forEach(loggers.getFirst()::addHandler);
    for (int i = 0; i < loggers.size(); i++) {
      loggers.get(i).setLevel(before.get(i));
    }
  }
}
