package dev.everwire.config.internal.text;

import dev.everwire.config.problem.Place;
import java.util.List;

/** A piece of a document, and where it begins. */
public sealed interface Node {
  Place place();

  /**
   * @param plain whether it stands there without quotes
   */
  record Scalar(Place place, String text, boolean plain) implements Node {}

  record Listing(Place place, List<Node> elements) implements Node {
    public Listing {
      elements = List.copyOf(elements);
    }
  }

  /** Entries in their order; each key once. */
  record Table(Place place, List<Entry> entries) implements Node {
    public Table {
      entries = List.copyOf(entries);
    }
  }

  record Entry(Scalar key, Node value) {}

  /** How people call what it is. */
  default String kind() {
    return switch (this) {
      case Scalar scalar -> Quotes.shown(scalar.text());
      case Listing listing -> "a list";
      case Table table -> "a section";
    };
  }

  /** Whether nothing stands there, as behind {@code key:}. */
  default boolean isBlank() {
    return this instanceof Scalar scalar && scalar.plain() && scalar.text().isEmpty();
  }
}
