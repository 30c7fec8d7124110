package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.Place;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values of a type are read, written and described. Immutable. */
interface Kind {

  /** For people, in a table. */
  String type();

  /** For people, in a table; empty for none. */
  default String bounds() {
    return "";
  }

  /** The same behind {@code expected:}. */
  String expected();

  /** The value, or null if it was refused and that was told. */
  @Nullable Object read(Node node, String path, Reading reading);

  /** What an environment variable holds, as it would stand in a file. */
  default @Nullable Node said(Place place, String text, Reading reading) {
    return new Node.Scalar(place, text, true);
  }

  /** Whether a value that was made by code could have been read. */
  default boolean allows(Object value) {
    return true;
  }

  /** As it stands in a file, in one line. */
  String write(Object value);

  /** JSON Schema. */
  Map<String, Object> schema();

  /** Whether it must never be shown. */
  default boolean secret() {
    return false;
  }

  /** Tells that it is not what was expected. */
  default @Nullable Object refuse(Node node, String path, Reading reading) {
    String value = node.isBlank() ? "nothing" : secret() ? "what stands there" : node.kind();
    reading.findings().problem(node.place(), path, value + " (expected: " + expected() + ")");
    return null;
  }

  /** One that is written as one word. */
  abstract class Single implements Kind {

    /** Null if it is not one. */
    abstract @Nullable Object parse(String text);

    @Override
    public @Nullable Object read(Node node, String path, Reading reading) {
      Object value =
          node instanceof Node.Scalar scalar && !node.isBlank() ? parse(scalar.text()) : null;
      return value == null || !allows(value) ? refuse(node, path, reading) : value;
    }

    @Override
    public String write(Object value) {
      return Quotes.yaml(value.toString());
    }
  }
}
