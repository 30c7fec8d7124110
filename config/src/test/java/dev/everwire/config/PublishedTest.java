package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.word.Option;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What is committed is what is generated. {@code -Deverwire.regenerate=true} writes it anew, which
 * is right whenever an option has changed on purpose.
 */
final class PublishedTest {
  private static final String SCHEMA =
      "config/src/main/resources/dev/everwire/config/everwire.schema.json";
  private static final String EXAMPLE = "docs/operations/everwire.yaml";
  private static final String REFERENCE = "docs/configuration-reference.md";

  @Test
  void theSchemaIsThatOfTheTree() throws IOException {
    same(SCHEMA, ConfigText.schema());
  }

  @Test
  void theExampleHasEveryOption() throws IOException {
    same(EXAMPLE, ConfigText.example());
  }

  @Test
  void theReferenceHasEveryOption() throws IOException {
    same(REFERENCE, ConfigText.reference());
  }

  @Test
  void theExampleIsLoadedAsItStands() throws Exception {
    Loaded loaded = ConfigLoader.load(root().resolve(EXAMPLE), Map.of());
    assertThat(loaded.config()).isEqualTo(Config.DEFAULT);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void theExampleSaysTheSameWithoutItsCommentMarks() throws Exception {
    String text =
        Files.readString(root().resolve(EXAMPLE))
            .lines()
            .map(line -> line.startsWith("#") ? line.substring(1) : line)
            .collect(Collectors.joining("\n"));
    for (Option option : Options.all()) {
      String path = option.path();
      String name = path.substring(path.lastIndexOf('.') + 1);
      assertThat(text).as(path).containsPattern("\\b" + name + "( \\(|:)");
    }
    assertThat(ConfigLoader.parse("f", text, Map.of(), Map.of()).config())
        .isEqualTo(Config.DEFAULT);
  }

  @Test
  void theSchemaIsJson() {
    RawJson schema = RawJson.parse(ConfigText.schema());
    assertThat(schema.kind()).isEqualTo(RawJson.Kind.OBJECT);
  }

  private static void same(String file, String generated) throws IOException {
    Path path = root().resolve(file);
    if (Boolean.getBoolean("everwire.regenerate")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, generated);
    }
    assertThat(generated).isEqualTo(Files.readString(path));
  }

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("docs"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    return directory;
  }
}
