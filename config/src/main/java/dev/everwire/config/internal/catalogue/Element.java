package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Nearest;
import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.Place;
import dev.everwire.config.word.Otherwise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record as an element of a list: written as a section of its own. */
final class Element implements Kind {

  /**
   * @param otherwise as it is written in a file; null if the element must say it
   */
  private record Field(Leaf leaf, @Nullable String otherwise, boolean list) {}

  private final Shape shape;
  private final List<Field> fields;

  Element(Class<?> type) {
    this.shape = Shape.of(type);
    this.fields =
        shape.components().stream()
            .map(component -> {
              Otherwise otherwise = component.getAnnotation(Otherwise.class);
              Leaf leaf = Leaf.of(component, "");
              return new Field(
                  leaf, otherwise == null ? null : otherwise.value(), leaf.kind() instanceof Many);
            })
            .toList();
  }

  List<Leaf> leaves() {
    return fields.stream().map(Field::leaf).toList();
  }

  /** As it is written in a file; empty for what must be said. */
  String otherwise(Leaf leaf) {
    for (Field field : fields) {
      if (field.leaf.equals(leaf)) {
        return field.otherwise != null
            ? field.otherwise
            : leaf.optional() ? Leaf.NONE : field.list ? "[]" : "";
      }
    }
    return "";
  }

  @Override
  public String type() {
    return "section";
  }

  @Override
  public String expected() {
    return "a section with " + String.join(", ", names());
  }

  @Override
  public boolean secret() {
    return fields.stream().anyMatch(field -> field.leaf.secret());
  }

  private List<String> names() {
    return fields.stream().map(field -> field.leaf.name()).toList();
  }

  @Override
  public @Nullable Object read(Node node, String path, Reading reading) {
    if (!(node instanceof Node.Table table)) {
      return refuse(node, path, reading);
    }
    Map<String, Node> said = new HashMap<>();
    boolean good = true;
    for (Node.Entry entry : table.entries()) {
      String key = entry.key().text();
      if (names().contains(key)) {
        said.put(key, entry.value());
      } else {
        String text = "unknown" + Nearest.hint(key, names());
        reading.findings().problem(entry.key().place(), path + "." + Quotes.shown(key), text);
        good = false;
      }
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Field field : fields) {
      Leaf.Value value = value(field, said.get(field.leaf.name()), node.place(), path, reading);
      good &= value != null;
      values.add(value == null ? null : value.object());
    }
    if (!good) {
      return null;
    }
    try {
      return shape.make(values);
    } catch (IllegalArgumentException e) {
      reading.findings().problem(node.place(), path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Leaf.@Nullable Value value(
      Field field, @Nullable Node said, Place place, String path, Reading reading) {
    Leaf leaf = field.leaf;
    String at = path + "." + leaf.name();
    if (said != null) {
      return leaf.read(said, at, reading);
    }
    if (field.otherwise != null) {
      Node node = leaf.kind().said(place, field.otherwise, reading);
      return node == null ? null : leaf.read(node, at, reading);
    }
    if (leaf.optional()) {
      return leaf.none();
    }
    if (field.list) {
      return new Leaf.Value(List.of());
    }
    reading.findings().problem(place, at, "not said (expected: " + leaf.kind().expected() + ")");
    return null;
  }

  @Override
  public boolean allows(Object value) {
    return shape.isOf(value)
        && fields.stream()
            .allMatch(field -> field.leaf.allows(shape.get(value, field.leaf.name())));
  }

  /** Only what is not so otherwise. */
  @Override
  public String write(Object value) {
    StringBuilder out = new StringBuilder("{");
    for (Field field : fields) {
      String text = field.leaf.write(shape.get(value, field.leaf.name()));
      if (!text.equals(normal(field))) {
        out.append(out.length() == 1 ? "" : ", ");
        out.append(field.leaf.name()).append(": ").append(text);
      }
    }
    return out.append('}').toString();
  }

  private String normal(Field field) {
    return Objects.requireNonNullElse(field.otherwise, otherwise(field.leaf));
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Field field : fields) {
      properties.put(field.leaf.name(), field.leaf.schema());
      if (otherwise(field.leaf).isEmpty()) {
        required.add(field.leaf.name());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }
}
