package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Catalogue;
import dev.everwire.config.internal.publish.Outline;
import dev.everwire.config.internal.publish.Schema;
import dev.everwire.config.internal.publish.Table;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes configuration as a file that says the same. Secrets are not shown. */
public final class ConfigText {
  private ConfigText() {}

  /**
   * Every option. Loads again as the same, unless a secret stands in it as it is: that one is
   * {@code "…"} here, which cannot be loaded.
   */
  public static String show(Config config) {
    Map<String, @Nullable Object> values = Config.CATALOGUE.values(config);
    return Outline.write(Config.CATALOGUE.root(), values, path -> true);
  }

  /** The preset, and what is not as it says. Loads again as the same, as {@link #show} does. */
  public static String changes(Config config) {
    Catalogue all = Config.CATALOGUE;
    Map<String, @Nullable Object> values = all.values(config);
    Map<String, @Nullable Object> usual =
        all.values(Preset.named(config.preset()).map(Preset::config).orElse(Config.DEFAULT));
    return Outline.write(
        all.root(),
        values,
        path -> path.equals("preset") || !Objects.equals(values.get(path), usual.get(path)));
  }

  /** A file that has every option in it, each with what it is for, and says nothing. */
  public static String example() {
    return Outline.example(Config.CATALOGUE.root(), Config.CATALOGUE.values(Config.DEFAULT));
  }

  /** JSON Schema 2020-12 of the file. */
  public static String schema() {
    return Schema.write(Config.CATALOGUE.root(), Preset.names());
  }

  /** All options and what the presets say of them, in Markdown. */
  public static String reference() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Reference of the configuration

        Generated from the code; [configuration.md](configuration.md) explains it.

        ## Options

        The default is that of the preset `development`. Each option is also a variable:
        `EVERWIRE_` and its path in capitals, with `_` for a dot and before a hump. What is live
        can be changed while the server runs.

        """);
    out.append(Table.write(Options.all()));
    out.append("\n## Presets\n");
    for (Preset preset : Preset.all()) {
      out.append('\n');
      out.append(Table.write(preset.name(), preset.base(), preset.doc(), preset.changes()));
    }
    return out.toString();
  }
}
