package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.Place;
import dev.everwire.config.word.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret: {@code {file: /path}}, {@code {env: NAME}} or, with a warning, as it is. */
final class Hidden implements Kind {
  private static final int MOST_BYTES = 64 * 1024;
  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,99}");
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  @Override
  public String type() {
    return "secret";
  }

  @Override
  public String expected() {
    return "{file: /path} or {env: NAME}";
  }

  @Override
  public boolean secret() {
    return true;
  }

  @Override
  public boolean allows(Object value) {
    return value instanceof Secret;
  }

  @Override
  public @Nullable Object read(Node node, String path, Reading reading) {
    if (node instanceof Node.Table table
        && table.entries().size() == 1
        && table.entries().getFirst().value() instanceof Node.Scalar value
        && !value.text().isEmpty()) {
      String how = table.entries().getFirst().key().text();
      if (how.equals("file")) {
        return ofFile(value.place(), value.text(), path, reading);
      }
      if (how.equals("env")) {
        return ofVariable(value.place(), value.text(), path, reading);
      }
    }
    if (!(node instanceof Node.Scalar scalar) || scalar.text().isEmpty()) {
      return refuse(node, path, reading);
    }
    if (scalar.text().equals(Secret.HIDDEN)) {
      reading
          .findings()
          .problem(node.place(), path, "a secret that was hidden (expected: " + expected() + ")");
      return null;
    }
    if (node.place().kind() == Place.Kind.FILE) {
      reading
          .findings()
          .warning(node.place(), path, "the secret stands in the file: say " + expected());
    }
    return Secret.literal(scalar.text());
  }

  private static @Nullable Object ofVariable(
      Place place, String name, String path, Reading reading) {
    String value = reading.environment().get(name);
    reading.used().add(name);
    if (value == null || value.isEmpty()) {
      reading
          .findings()
          .problem(place, path, "environment variable " + shownVariable(name) + " is not set");
      return null;
    }
    return Secret.ofEnvironment(name, value);
  }

  static @Nullable Object ofFile(Place place, String name, String path, Reading reading) {
    try {
      Path file = Path.of(name);
      if (!Files.isRegularFile(file)) {
        String what = Files.exists(file) ? " is not a file" : " does not exist";
        reading.findings().problem(place, path, shownPath(name) + what);
        return null;
      }
      String value = text(file).stripTrailing();
      if (value.isEmpty()) {
        reading.findings().problem(place, path, shownPath(name) + " is empty");
        return null;
      }
      if (readByOthers(file)) {
        reading
            .findings()
            .warning(place, path, shownPath(name) + " can be read by others: chmod 600");
      }
      return Secret.ofFile(name, value);
    } catch (CharacterCodingException e) {
      reading.findings().problem(place, path, shownPath(name) + " is not UTF-8");
    } catch (IOException | InvalidPathException e) {
      reading.findings().problem(place, path, shownPath(name) + " cannot be read");
    }
    return null;
  }

  /** A secret that stands where its file should is not shown. */
  private static String shownPath(String name) {
    return name.startsWith("/") || name.startsWith("./") || name.startsWith("../")
        ? Quotes.shown(name)
        : "the file";
  }

  /** As {@link #shownPath} for where the name of a variable should stand. */
  private static String shownVariable(String name) {
    return VARIABLE.matcher(name).matches() ? Quotes.shown(name) : "of that name";
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("too long");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static boolean readByOthers(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view != null && view.readAttributes().permissions().stream().anyMatch(OTHERS::contains);
  }

  @Override
  public String write(Object value) {
    Secret secret = (Secret) value;
    return switch (secret.source()) {
      case FILE -> "{file: " + Quotes.yaml(secret.name()) + "}";
      case ENVIRONMENT -> "{env: " + Quotes.yaml(secret.name()) + "}";
      case LITERAL -> Quotes.doubleQuoted(Secret.HIDDEN);
    };
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of(
        "oneOf", List.of(one("file"), one("env"), Map.of("type", "string", "minLength", 1)));
  }

  private static Map<String, Object> one(String how) {
    return Map.of(
        "type",
        "object",
        "properties",
        Map.of(how, Map.of("type", "string", "minLength", 1)),
        "required",
        List.of(how),
        "additionalProperties",
        false);
  }
}
