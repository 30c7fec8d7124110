package dev.everwire.config;

import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.internal.text.YamlReader;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Findings;
import dev.everwire.config.problem.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads configuration. What is said later holds: the preset, the file, the environment, and what
 * code or a command line says.
 *
 * <p>Everything that is wrong is told at once. Where there is no file, the preset is {@code
 * development} unless said; a file that names none changes {@code production}.
 */
public final class ConfigLoader {
  private static final String PRESET = "preset";

  private ConfigLoader() {}

  /** As the other, where nothing more is said. */
  public static Loaded load(@Nullable Path file, Map<String, String> environment)
      throws ConfigException {
    return load(file, environment, Map.of());
  }

  /**
   * Blocks: reads the file, and those that it names for secrets and keys.
   *
   * @param file in YAML, UTF-8, at most 1 MiB; null for none
   * @param environment usually {@link System#getenv()}
   * @param overrides paths of options and values as they stand in a file
   * @throws ConfigException if anything is wrong
   */
  public static Loaded load(
      @Nullable Path file, Map<String, String> environment, Map<String, String> overrides)
      throws ConfigException {
    Findings findings = new Findings();
    String text = file == null ? null : read(file, findings);
    findings.check();
    return load(file == null ? "" : file.toString(), text, environment, overrides, findings);
  }

  /**
   * As {@link #load}, where the text of the file is there already.
   *
   * @param name what problems call it
   */
  public static Loaded parse(
      String name, String text, Map<String, String> environment, Map<String, String> overrides)
      throws ConfigException {
    return load(name, text, environment, overrides, new Findings());
  }

  private static Loaded load(
      String name,
      @Nullable String text,
      Map<String, String> environment,
      Map<String, String> overrides,
      Findings findings)
      throws ConfigException {
    Node document = text == null ? null : YamlReader.file(name, text, findings);
    boolean unreadable = document == null && !findings.clean();
    String otherwise = text == null ? Preset.DEVELOPMENT : Preset.PRODUCTION;
    Config base = Config.preset(preset(document, environment, overrides, otherwise, findings));
    Layers layers = new Layers(base, environment, findings);
    if (document != null) {
      layers.document(document);
    }
    layers.environment();
    overrides.forEach((path, value) -> {
      if (!path.equals(PRESET)) {
        layers.code(path, value);
      }
    });
    Config config = layers.tree();
    if (!unreadable) { // or else nobody knows what was meant
      Checks.all(config, layers);
    }
    findings.check();
    return new Loaded(config, findings.warnings(), layers.places());
  }

  /** Of whoever is asked last; what nobody knows is told. */
  private static String preset(
      @Nullable Node document,
      Map<String, String> environment,
      Map<String, String> overrides,
      String otherwise,
      Findings findings) {
    String variable = Layers.PREFIX + "PRESET";
    String name = otherwise;
    Place place = Place.preset(otherwise);
    if (document instanceof Node.Table table) {
      for (Node.Entry entry : table.entries()) {
        if (entry.key().text().equals(PRESET) && entry.value() instanceof Node.Scalar said) {
          name = said.text();
          place = said.place();
        }
      }
    }
    String ofEnvironment = environment.get(variable);
    if (ofEnvironment != null && !ofEnvironment.isEmpty()) {
      name = ofEnvironment;
      place = Place.variable(variable);
    }
    String ofCode = overrides.get(PRESET);
    if (ofCode != null) {
      name = ofCode;
      place = Place.code("set");
    }
    if (Preset.named(name).isPresent()) {
      return name;
    }
    findings.problem(place, PRESET, Quotes.shown(name) + Preset.hint(name));
    return otherwise;
  }

  private static @Nullable String read(Path file, Findings findings) {
    Place place = Place.file(file.toString(), 0, 0);
    if (!Files.isRegularFile(file)) {
      findings.problem(place, "", Files.exists(file) ? "not a file" : "does not exist");
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(YamlReader.MOST_CHARACTERS + 1);
      if (bytes.length > YamlReader.MOST_CHARACTERS) {
        findings.problem(place, "", "more than 1 MiB");
        return null;
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text; // some editors begin with it
    } catch (CharacterCodingException e) {
      findings.problem(place, "", "not UTF-8");
    } catch (IOException e) {
      findings.problem(place, "", "cannot be read");
    }
    return null;
  }
}
