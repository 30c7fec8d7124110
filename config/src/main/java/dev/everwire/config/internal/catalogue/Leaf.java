package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.Place;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import dev.everwire.config.word.Secret;
import dev.everwire.config.word.Unbounded;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An option: a value of a kind, at a path. Immutable.
 *
 * @param path whole, or empty within an element of a list
 * @param none what {@code none} stands for; null if it may not be said
 */
public record Leaf(
    String name, String path, String doc, boolean live, Kind kind, @Nullable Value none) {
  static final String NONE = "none";
  static final Set<String> NOTHING = Set.of(NONE, "null", "~");

  /** A value, which may be null. */
  public record Value(@Nullable Object object) {}

  static Leaf of(RecordComponent component, String path) {
    Doc doc = component.getAnnotation(Doc.class);
    if (doc == null) {
      throw new IllegalStateException(component + " (expected: @Doc)");
    }
    Value none = null;
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      none = new Value(null);
    } else if (component.isAnnotationPresent(Unbounded.class)) {
      none = new Value(Kinds.greatest(component.getType()));
    }
    return new Leaf(
        component.getName(),
        path,
        doc.value(),
        component.isAnnotationPresent(Live.class),
        Kinds.of(component),
        none);
  }

  public boolean optional() {
    return none != null;
  }

  /** Whether its value must never be shown. */
  public boolean secret() {
    return kind.secret();
  }

  /** Whether it is a secret by itself, and not a list or section with one in it. */
  public boolean hidden() {
    return kind instanceof Hidden;
  }

  public String type() {
    return kind.type();
  }

  /** For people; empty for none. */
  public String bounds() {
    return kind.bounds();
  }

  /** Those of an element, where it is a list of sections; otherwise none. */
  public List<Leaf> below() {
    return kind instanceof Many many && many.element() instanceof Element element
        ? element.leaves()
        : List.of();
  }

  /** What a leaf of {@link #below} is where nothing is said; empty if it must be said. */
  public String otherwise(Leaf below) {
    return kind instanceof Many many && many.element() instanceof Element element
        ? element.otherwise(below)
        : "";
  }

  /** What an environment variable holds, as it would stand in a file; null if it was refused. */
  public @Nullable Node said(Place place, String text, Reading reading) {
    return NOTHING.contains(text)
        ? new Node.Scalar(place, text, true)
        : kind.said(place, text, reading);
  }

  /** What an environment variable holds, as a secret. */
  public Value variable(String name, String text) {
    return new Value(Secret.ofEnvironment(name, text));
  }

  /** Whether its own type is text. */
  public boolean isText() {
    return kind instanceof Texts.Text;
  }

  /** What a file holds whose path an environment variable holds; null if it was refused. */
  public @Nullable Value ofFile(Place place, String file, Reading reading) {
    Object value = Hidden.ofFile(place, file, path, reading);
    return value == null ? null : new Value(value);
  }

  /** A value of its own type; null if it was refused and that was told. */
  public @Nullable Value checked(@Nullable Object value, Place place, Reading reading) {
    if (allows(value)) {
      return new Value(value);
    }
    String shown = secret() ? "what was said" : Quotes.shown(String.valueOf(value));
    reading.findings().problem(place, path, shown + " (expected: " + kind.expected() + ")");
    return null;
  }

  Leaf alive() {
    return new Leaf(name, path, doc, true, kind, none);
  }

  /** Null if it was refused and that was told. */
  public @Nullable Value read(Node node, String at, Reading reading) {
    if (none != null
        && node instanceof Node.Scalar scalar
        && scalar.plain()
        && NOTHING.contains(scalar.text())) {
      return none;
    }
    Object value = kind.read(node, at, reading);
    return value == null ? null : new Value(value);
  }

  /** Whether it could have been read. */
  public boolean allows(@Nullable Object value) {
    if (value == null || (none != null && value.equals(none.object()))) {
      return none != null && Objects.equals(value, none.object());
    }
    return kind.allows(value);
  }

  public String write(@Nullable Object value) {
    if (value == null || (none != null && value.equals(none.object()))) {
      return NONE;
    }
    return kind.write(value);
  }

  /** JSON Schema. */
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    String bounds = kind.bounds();
    schema.put("description", bounds.isEmpty() ? doc : doc + " (" + bounds + ")");
    if (none == null) {
      schema.putAll(new java.util.TreeMap<>(kind.schema()));
    } else {
      Map<String, Object> nothing = new LinkedHashMap<>();
      nothing.put("enum", java.util.Arrays.asList(NONE, null));
      schema.put("anyOf", List.of(nothing, kind.schema()));
    }
    return schema;
  }
}
