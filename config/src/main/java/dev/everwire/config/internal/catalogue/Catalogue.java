package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Nearest;
import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.Place;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tree of all sections and options below a root record. A component that is a record is a
 * section, every other is an option. Immutable.
 */
public final class Catalogue {
  private static final int ENOUGH = 100; // problems, after which nobody needs a hint

  /** A section or an option. */
  public sealed interface Member {
    String name();

    String doc();
  }

  /**
   * @param path whole; empty for the root
   */
  public record Section(String name, String path, String doc, List<Member> members)
      implements Member {}

  /** An option. */
  public record Item(Leaf leaf) implements Member {
    @Override
    public String name() {
      return leaf.name();
    }

    @Override
    public String doc() {
      return leaf.doc();
    }
  }

  private final Class<?> type;
  private final Section root;
  private final Map<String, Leaf> leaves = new LinkedHashMap<>();

  private Catalogue(Class<?> type) {
    this.type = type;
    this.root = section("", "", "", type, false);
  }

  /**
   * @throws IllegalStateException if a record is not what a catalogue can be made of
   */
  public static Catalogue of(Class<? extends Record> root) {
    return new Catalogue(root);
  }

  private Section section(String name, String path, String doc, Class<?> record, boolean live) {
    List<Member> members = new ArrayList<>();
    for (RecordComponent component : Shape.of(record).components()) {
      String below = path.isEmpty() ? component.getName() : path + "." + component.getName();
      boolean alive = live || component.isAnnotationPresent(Live.class);
      if (component.getType().isRecord()) {
        Doc said = component.getAnnotation(Doc.class);
        if (said == null) {
          throw new IllegalStateException(below + " (expected: @Doc)");
        }
        members.add(section(component.getName(), below, said.value(), component.getType(), alive));
      } else {
        Leaf found = Leaf.of(component, below);
        Leaf leaf = alive ? found.alive() : found;
        leaves.put(below, leaf);
        members.add(new Item(leaf));
      }
    }
    return new Section(name, path, doc, List.copyOf(members));
  }

  public Section root() {
    return root;
  }

  /** All options by their paths, in the order of the tree. */
  public Map<String, Leaf> leaves() {
    return Collections.unmodifiableMap(leaves);
  }

  /** The value of every option by its path. */
  public Map<String, @Nullable Object> values(Record tree) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    flatten("", tree, values);
    return values;
  }

  private void flatten(String path, Object record, Map<String, @Nullable Object> values) {
    Shape shape = Shape.of(record.getClass());
    for (RecordComponent component : shape.components()) {
      String below = path.isEmpty() ? component.getName() : path + "." + component.getName();
      Object value = shape.get(record, component);
      if (component.getType().isRecord() && value != null) {
        flatten(below, value, values);
      } else {
        values.put(below, value);
      }
    }
  }

  /** The same with another value of one option. */
  public Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> values, String path, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    changed.put(path, value);
    return changed;
  }

  /**
   * Puts a tree together.
   *
   * @param values of every option
   * @throws IllegalArgumentException if a section refuses what is put into it
   */
  public Record tree(Map<String, @Nullable Object> values) {
    return (Record) tree("", type, values);
  }

  private static Object tree(String path, Class<?> record, Map<String, @Nullable Object> values) {
    Shape shape = Shape.of(record);
    List<@Nullable Object> parts = new ArrayList<>();
    for (RecordComponent component : shape.components()) {
      String below = path.isEmpty() ? component.getName() : path + "." + component.getName();
      parts.add(
          component.getType().isRecord()
              ? tree(below, component.getType(), values)
              : values.get(below));
    }
    return shape.make(parts);
  }

  /** What is in a document, told one by one; everything else in it is a problem. */
  public void read(Node document, Reading reading, BiConsumer<Leaf, Node> found) {
    read(root, document, reading, found);
  }

  private void read(Section section, Node node, Reading reading, BiConsumer<Leaf, Node> found) {
    if (node.isBlank()) {
      return; // a section of which nothing is said
    }
    if (!(node instanceof Node.Table table)) {
      String expected = "a section with " + String.join(", ", names(section));
      reading
          .findings()
          .problem(node.place(), section.path(), node.kind() + " (expected: " + expected + ")");
      return;
    }
    for (Node.Entry entry : table.entries()) {
      Member member = member(section, entry.key().text());
      switch (member) {
        case null -> unknown(section, entry.key(), reading);
        case Section below -> read(below, entry.value(), reading, found);
        case Item(Leaf leaf) -> found.accept(leaf, entry.value());
      }
    }
  }

  private static @Nullable Member member(Section section, String name) {
    return section.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private void unknown(Section section, Node.Scalar key, Reading reading) {
    String at = section.path().isEmpty() ? "" : section.path() + ".";
    reading
        .findings()
        .problem(
            key.place(),
            at + Quotes.shown(key.text()),
            "unknown" + (reading.findings().count() > ENOUGH ? "" : hint(section, key.text())));
  }

  /** The nearest of this section, or else where another section has it. */
  private String hint(Section section, String key) {
    String near = Nearest.hint(key, names(section));
    if (near.isEmpty()) {
      return leaves.values().stream()
          .filter(leaf -> leaf.name().equals(key))
          .findFirst()
          .map(leaf -> " (did you mean \"" + leaf.path() + "\"?)")
          .orElse(" (expected: " + String.join(", ", names(section)) + ")");
    }
    return near;
  }

  private static List<String> names(Section section) {
    return section.members().stream().map(Member::name).toList();
  }

  /** {@code EVERWIRE_SESSION_RESUME_WITHIN} for {@code session.resumeWithin}. */
  public static String variable(String path) {
    StringBuilder out = new StringBuilder("EVERWIRE_");
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '.') {
        out.append('_');
      } else {
        out.append(Character.isUpperCase(c) ? "_" : "").append(c);
      }
    }
    return out.toString().toUpperCase(Locale.ROOT);
  }

  /** Tells at the place what of a tree could not have been read. */
  public void check(Record tree, Place place, Reading reading) {
    values(tree)
        .forEach((path, value) -> {
          Leaf leaf = leaves.get(path);
          if (leaf != null) {
            var unused = leaf.checked(value, place, reading);
          }
        });
  }
}
