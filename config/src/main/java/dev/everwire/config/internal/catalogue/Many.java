package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.YamlReader;
import dev.everwire.config.problem.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A list of values of one kind. A single word stands for a list of one. */
final class Many implements Kind {
  private static final int MOST = 100_000;

  private final Kind element;

  Many(Kind element) {
    this.element = element;
  }

  Kind element() {
    return element;
  }

  @Override
  public String type() {
    return element instanceof Element
        ? "list of sections"
        : element instanceof Texts.Text ? "list of texts" : "list of " + element.type();
  }

  @Override
  public String bounds() {
    return element.bounds().isEmpty() ? "" : "each: " + element.bounds();
  }

  @Override
  public String expected() {
    return "a list, each of it " + element.expected();
  }

  @Override
  public boolean secret() {
    return element.secret();
  }

  @Override
  public @Nullable Object read(Node node, String path, Reading reading) {
    if (node instanceof Node.Scalar word && word.plain() && Leaf.NOTHING.contains(word.text())) {
      reading
          .findings()
          .problem(node.place(), path, node.kind() + " (expected: a list, [] for nothing)");
      return null;
    }
    if (node instanceof Node.Scalar && !node.isBlank() && !(element instanceof Element)) {
      Object single = element.read(node, path, reading);
      return single == null ? null : List.of(single);
    }
    if (!(node instanceof Node.Listing listing) || listing.elements().size() > MOST) {
      return refuse(node, path, reading);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < listing.elements().size(); i++) {
      Object value = element.read(listing.elements().get(i), path + "[" + i + "]", reading);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == listing.elements().size() ? List.copyOf(values) : null;
  }

  /** Words with commas between them, or YAML. */
  @Override
  public @Nullable Node said(Place place, String text, Reading reading) {
    if (element instanceof Element || element.secret() || text.startsWith("[")) {
      return YamlReader.value(place, text, reading.findings());
    }
    List<Node> words =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .<Node>map(word -> new Node.Scalar(place, word, true))
            .toList();
    return new Node.Listing(place, words);
  }

  @Override
  public boolean allows(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(element::allows);
  }

  @Override
  public String write(Object value) {
    return ((List<?>) value)
        .stream().map(element::write).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", "array");
    list.put("items", element.schema());
    if (element instanceof Element) {
      return list;
    }
    return Map.of("anyOf", List.of(list, element.schema()));
  }
}
