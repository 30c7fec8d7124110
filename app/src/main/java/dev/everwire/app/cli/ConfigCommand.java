package dev.everwire.app.cli;

import dev.everwire.app.serve.ConfigSource;
import dev.everwire.config.Change;
import dev.everwire.config.Config;
import dev.everwire.config.ConfigDiff;
import dev.everwire.config.ConfigText;
import dev.everwire.config.Loaded;
import dev.everwire.config.Options;
import dev.everwire.config.Preset;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.protocol.json.JsonWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "config",
    description = {
      "Says what a configuration means, without starting anything.",
      "The environment counts as it would for serve; secrets are never shown."
    },
    subcommands = {
      ConfigCommand.Check.class,
      ConfigCommand.Show.class,
      ConfigCommand.Diff.class,
      ConfigCommand.Example.class,
      ConfigCommand.Schema.class,
      ConfigCommand.Presets.class
    })
final class ConfigCommand {

  /** What the commands that read a configuration have in common. */
  @Command
  abstract static class Reading extends BaseCommand implements Callable<Integer> {
    @Override
    public final Integer call() {
      try {
        read();
        return ExitStatus.OK.code();
      } catch (ConfigException e) {
        return ConfigProblems.print(e, "everwire config", err()).code();
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
      }
    }

    abstract void read() throws ConfigException;

    final Loaded load(ConfigSource source) throws ConfigException {
      Loaded loaded = source.load();
      ConfigProblems.warn(loaded.warnings(), err());
      return loaded;
    }

    static ConfigSource source(@Nullable Path file) {
      return ConfigSource.of(file, System.getenv(), Map.of());
    }
  }

  @Command(
      name = "check",
      description = {
        "Says ok, or everything that is wrong, a line each: FILE:LINE:COLUMN: option: why.",
        "Files of keys and certificates are looked into."
      })
  static final class Check extends Reading {
    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = Texts.CONFIG)
    private @Nullable Path file;

    @Override
    void read() throws ConfigException {
      var unused = load(source(file));
      print("ok");
    }
  }

  @Command(
      name = "show",
      description = {
        "Prints every option with the value that holds: what the preset, the file and the"
            + " environment say together. It can be loaded again as it is, except for secrets that"
            + " stand in the file themselves.",
        "With --json prints {\"preset\":…,\"file\":…,\"options\":[{\"option\":…,\"value\":…,"
            + "\"from\":…,\"live\":…},…]}; a value is what stands in a file."
      })
  static final class Show extends Reading {
    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = Texts.CONFIG)
    private @Nullable Path file;

    @Option(
        names = "--origin",
        description = "Prints a line for each option, with where its value comes from.")
    private boolean origin;

    @Option(names = "--json", description = Texts.JSON_OUTPUT)
    private boolean json;

    @Override
    void read() throws ConfigException {
      ConfigSource source = source(file);
      Loaded loaded = load(source);
      if (json) {
        print(json(source.file(), loaded));
      } else if (origin) {
        for (String path : values()) {
          print(path + ": " + loaded.config().text(path) + "  # " + from(loaded, path));
        }
      } else {
        printLines(ConfigText.show(loaded.config()));
      }
    }

    private static String json(@Nullable Path file, Loaded loaded) {
      Config config = loaded.config();
      JsonWriter out = new JsonWriter().beginObject().name("preset").value(config.preset());
      out.name("file").value(file == null ? null : file.toString());
      out.name("options").beginArray();
      for (var option : Options.all()) {
        if (itself(option.path())) {
          out.beginObject().name("option").value(option.path());
          out.name("value").value(config.text(option.path()));
          out.name("from").value(from(loaded, option.path()));
          out.name("live").value(option.live()).endObject();
        }
      }
      return out.endArray().endObject().toRawJson().toString();
    }

    private static List<String> values() {
      return Options.all().stream()
          .map(option -> option.path())
          .filter(path -> itself(path))
          .toList();
    }

    /** What elements of lists consist of has no value by itself. */
    private static boolean itself(String path) {
      return !path.contains("[]");
    }

    private static String from(Loaded loaded, String path) {
      return ConfigProblems.origin(loaded.place(path), path);
    }
  }

  @Command(
      name = "diff",
      description = {
        "Prints what differs, a line for each option: OPTION: OLD -> NEW, and whether it needs a"
            + " restart. With one file, what it says beyond its preset.",
        "With --json prints [{\"option\":…,\"from\":…,\"to\":…,\"live\":…},…]."
      })
  static final class Diff extends Reading {
    @Parameters(index = "0", paramLabel = "OLD", description = "File with the configuration.")
    private @Nullable Path old;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NEW",
        description = "File with the one that comes after it.")
    private @Nullable Path next;

    @Option(names = "--json", description = Texts.JSON_OUTPUT)
    private boolean json;

    @Override
    void read() throws ConfigException {
      Config first = load(source(Objects.requireNonNull(old))).config();
      ConfigDiff diff =
          next == null
              ? ConfigDiff.between(Config.preset(first.preset()), first)
              : ConfigDiff.between(first, load(source(next)).config());
      if (json) {
        print(json(diff));
      } else if (!diff.isEmpty()) {
        printLines(next == null ? unmarked(diff) : diff.toString());
      }
    }

    /** Nobody restarts anything to leave a preset. */
    private static String unmarked(ConfigDiff diff) {
      return String.join(
          "\n",
          diff.changes().stream()
              .map(each -> each.path() + ": " + each.before() + " -> " + each.after())
              .toList());
    }

    private static String json(ConfigDiff diff) {
      JsonWriter out = new JsonWriter().beginArray();
      for (Change change : diff.changes()) {
        out.beginObject().name("option").value(change.path());
        out.name("from").value(change.before()).name("to").value(change.after());
        out.name("live").value(change.live()).endObject();
      }
      return out.endArray().toRawJson().toString();
    }
  }

  @Command(
      name = "example",
      description = "Prints a file to begin with: every option, what it is for, commented out.")
  static final class Example extends BaseCommand implements Runnable {
    @Override
    public void run() {
      printLines(ConfigText.example());
    }
  }

  @Command(name = "schema", description = "Prints the JSON Schema of the file, for editors.")
  static final class Schema extends BaseCommand implements Runnable {
    @Override
    public void run() {
      printLines(ConfigText.schema());
    }
  }

  @Command(
      name = "presets",
      description = "Lists the presets, or prints what one of them says of every option.")
  static final class Presets extends BaseCommand implements Runnable {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Of a preset.")
    private @Nullable String name;

    @Override
    public void run() {
      if (name == null) {
        Preset.all().forEach(preset -> print(preset.name() + ": " + preset.doc()));
        return;
      }
      try {
        printLines(ConfigText.show(Config.preset(name)));
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
      }
    }
  }
}
