package dev.everwire.config.internal.text;

import dev.everwire.config.problem.Findings;
import dev.everwire.config.problem.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML document into nodes that know where they stand. Only what configuration needs: no
 * anchors and aliases (so nothing grows when it is read), no tags, at most {@value
 * #MOST_CHARACTERS} characters, {@value #DEEPEST} levels and each key once.
 */
public final class YamlReader {
  public static final int MOST_CHARACTERS = 1 << 20;
  static final int DEEPEST = 32;

  private final Function<Optional<Mark>, Place> places;
  private final Findings findings;
  private final Iterator<Event> events;

  private YamlReader(
      Function<Optional<Mark>, Place> places, Findings findings, Iterator<Event> events) {
    this.places = places;
    this.findings = findings;
    this.events = events;
  }

  /** A document in a file; null if there is nothing in it, or it cannot be read. */
  public static @Nullable Node file(String name, String text, Findings findings) {
    return read(
        text,
        findings,
        mark ->
            mark.map(at -> Place.file(name, at.getLine() + 1, at.getColumn() + 1))
                .orElse(Place.file(name, 1, 1)));
  }

  /** A value that stands elsewhere, all of it at one place. */
  public static @Nullable Node value(Place place, String text, Findings findings) {
    return read(text, findings, mark -> place);
  }

  private static @Nullable Node read(
      String text, Findings findings, Function<Optional<Mark>, Place> places) {
    Place start = places.apply(Optional.empty());
    if (text.length() > MOST_CHARACTERS) {
      findings.problem(
          start, "", text.length() + " characters (expected: at most " + MOST_CHARACTERS + ")");
      return null;
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(MOST_CHARACTERS)
            .setParseComments(false)
            .setUseMarks(true)
            .build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      return new YamlReader(places, findings, events).document();
    } catch (Unreadable e) {
      return null;
    } catch (MarkedYamlEngineException e) {
      String why = e.getProblem() == null ? "cannot be read" : e.getProblem();
      findings.problem(places.apply(e.getProblemMark()), "", "not YAML: " + inOneLine(why));
    } catch (ReaderException e) {
      findings.problem(start, "", "not YAML: a character that cannot be in a text");
    } catch (YamlEngineException e) {
      findings.problem(start, "", "not YAML");
    }
    return null;
  }

  private @Nullable Node document() {
    Node found = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case Scalar, SequenceStart, MappingStart, Alias -> {
          if (found != null) {
            throw refused(event, "a second document (expected: one)");
          }
          found = node(event, 1);
        }
        default -> {} // where the stream and its document begin and end
      }
    }
    return found == null || found.isBlank() ? null : found;
  }

  private Node node(Event event, int depth) {
    if (depth > DEEPEST) {
      throw refused(event, "nested too deeply (expected: at most " + DEEPEST + " levels)");
    }
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      throw refused(event, "an anchor or alias (expected: the value itself)");
    }
    if (event instanceof ScalarEvent scalar) {
      refuseTag(event, scalar.getTag());
      return new Node.Scalar(place(event), scalar.getValue(), scalar.isPlain());
    }
    if (event instanceof CollectionStartEvent collection) {
      refuseTag(event, collection.getTag());
    }
    return event.getEventId() == Event.ID.SequenceStart
        ? listing(event, depth)
        : table(event, depth);
  }

  private Node listing(Event start, int depth) {
    List<Node> elements = new ArrayList<>();
    for (Event next = next(start); next.getEventId() != Event.ID.SequenceEnd; next = next(start)) {
      elements.add(node(next, depth + 1));
    }
    return new Node.Listing(place(start), elements);
  }

  private Node table(Event start, int depth) {
    List<Node.Entry> entries = new ArrayList<>();
    Map<String, Place> seen = new HashMap<>();
    for (Event next = next(start); next.getEventId() != Event.ID.MappingEnd; next = next(start)) {
      Node key = node(next, depth + 1);
      Node value = node(next(start), depth + 1);
      if (!(key instanceof Node.Scalar name)) {
        findings.problem(key.place(), "", key.kind() + " as a key (expected: a word)");
        continue;
      }
      Place first = seen.putIfAbsent(name.text(), name.place());
      if (first != null) {
        findings.problem(
            name.place(),
            "",
            "key " + Quotes.shown(name.text()) + " again (expected: once; it is at " + first + ")");
        continue;
      }
      entries.add(new Node.Entry(name, value));
    }
    return new Node.Table(place(start), entries);
  }

  private Event next(Event within) {
    if (!events.hasNext()) {
      throw refused(within, "not ended");
    }
    return events.next();
  }

  private void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent()) {
      throw refused(event, "a tag (expected: the value alone)");
    }
  }

  private Place place(Event event) {
    return places.apply(event.getStartMark());
  }

  private Unreadable refused(Event event, String text) {
    findings.problem(place(event), "", text);
    return new Unreadable();
  }

  private static String inOneLine(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  /** What was found is told already. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super(null, null, false, false);
    }
  }
}
