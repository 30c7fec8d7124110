package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Catalogue;
import dev.everwire.config.internal.catalogue.Leaf;
import dev.everwire.config.internal.catalogue.Reading;
import dev.everwire.config.internal.text.Nearest;
import dev.everwire.config.internal.text.Node;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Findings;
import dev.everwire.config.problem.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One layer on top of the other: what is said later holds. Remembers who said what. One thread at a
 * time.
 */
final class Layers {
  static final String PREFIX = "EVERWIRE_";
  private static final String OF_FILE = "_FILE";

  private final Map<String, @Nullable Object> values;
  private final Map<String, Place> places = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private final Findings findings;
  private final Reading reading;
  private final Place base;

  Layers(Config base, Map<String, String> environment) {
    this(base, environment, new Findings());
  }

  Layers(Config base, Map<String, String> environment, Findings findings) {
    this.values = Config.CATALOGUE.values(base);
    this.findings = findings;
    this.reading = new Reading(findings, environment);
    this.base = Place.preset(base.preset());
  }

  /** A file's. */
  void document(Node document) {
    Config.CATALOGUE.read(document, reading, this::put);
  }

  private void put(Leaf leaf, Node node) {
    put(leaf, node.place(), leaf.read(node, leaf.path(), reading));
  }

  private void put(Leaf leaf, Place place, Leaf.@Nullable Value value) {
    places.put(leaf.path(), place);
    if (value == null) {
      failed.add(leaf.path());
    } else {
      failed.remove(leaf.path());
      if (!leaf.path().equals("preset")) { // it was chosen before
        values.put(leaf.path(), value.object());
      }
    }
  }

  /** Those variables that begin as ours do. An empty one says nothing. */
  void environment() {
    Map<String, Leaf> named = new HashMap<>();
    for (Leaf leaf : Config.CATALOGUE.leaves().values()) {
      String variable = Catalogue.variable(leaf.path());
      named.put(variable, leaf);
      if (leaf.hidden()) {
        named.put(variable + OF_FILE, leaf);
      }
    }
    Set<String> unknown = new HashSet<>();
    reading
        .environment()
        .forEach((variable, text) -> {
          Leaf leaf = named.get(variable);
          if (leaf != null && !text.isEmpty()) {
            put(leaf, Place.variable(variable), variable(leaf, variable, text));
          } else if (leaf == null && variable.startsWith(PREFIX)) {
            unknown.add(variable);
          }
        });
    unknown.removeAll(reading.used());
    for (String variable : unknown) {
      findings.warning(
          Place.variable(variable), "", "unknown" + Nearest.hint(variable, named.keySet()));
    }
  }

  private Leaf.@Nullable Value variable(Leaf leaf, String variable, String text) {
    Place place = Place.variable(variable);
    if (!leaf.hidden()) {
      Node node = leaf.said(place, text, reading);
      return node == null ? null : leaf.read(node, leaf.path(), reading);
    }
    if (!variable.equals(Catalogue.variable(leaf.path()))) {
      return leaf.ofFile(place, text, reading);
    }
    if (!reading.environment().getOrDefault(variable + OF_FILE, "").isEmpty()) {
      findings.problem(
          place, leaf.path(), "said twice (expected: one of it and of " + OF_FILE + ")");
      return null;
    }
    return leaf.variable(variable, text);
  }

  /** One that code says: as it stands in a file, or of its own type. */
  void code(String path, @Nullable Object value) {
    Place place = Place.code("set");
    Leaf leaf = Config.CATALOGUE.leaves().get(path);
    if (leaf == null) {
      String hint = Nearest.hint(path, Config.CATALOGUE.leaves().keySet());
      findings.problem(place, Quotes.shown(path), "unknown" + hint);
      return;
    }
    if (value instanceof Number number && !leaf.allows(number)) {
      put(leaf, place, leaf.read(new Node.Scalar(place, number.toString(), true), path, reading));
    } else if (value instanceof String text && !leaf.isText()) {
      Node node = leaf.said(place, text, reading);
      put(leaf, place, node == null ? null : leaf.read(node, path, reading));
    } else if (value instanceof String text) {
      put(leaf, place, leaf.read(new Node.Scalar(place, text, true), path, reading));
    } else {
      put(leaf, place, leaf.checked(value, place, reading));
    }
  }

  /** Where an option was said. */
  Place place(String path) {
    return places.getOrDefault(path, base);
  }

  /** Where each option was said that somebody said. */
  Map<String, Place> places() {
    return Map.copyOf(places);
  }

  /** Whether somebody said it who is not the preset. */
  boolean said(String path) {
    return places.containsKey(path);
  }

  /** Whether what was said cannot be used, so that nothing more needs to be said about it. */
  boolean failed(String path) {
    return failed.contains(path);
  }

  Findings findings() {
    return findings;
  }

  /**
   * What holds in the end, where what failed is left out.
   *
   * @throws ConfigException if a section refuses what is put into it
   */
  Config tree() throws ConfigException {
    try {
      return Config.of(values);
    } catch (IllegalArgumentException e) {
      findings.problem(base, "", String.valueOf(e.getMessage()));
      throw new ConfigException(findings.problems());
    }
  }

  /**
   * @throws ConfigException if there is anything wrong by now
   */
  Config config() throws ConfigException {
    findings.check();
    return tree();
  }
}
