package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is logged. Immutable. */
public record LogOptions(
    @Doc("The least level that is logged.") @Live Level level,
    @Doc("How a line is written: for people, or as a JSON object.") Format format,
    @Doc(
            "File of the audit log: who was refused and what administrators did; none for where the rest is logged.")
        @Nullable Path audit) {
  /** How much is logged, from nothing to everything. */
  public enum Level {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** How a line is written. */
  public enum Format {
    TEXT,
    JSON
  }

  public static final LogOptions DEFAULT = new LogOptions(Level.INFO, Format.TEXT, null);
}
