package dev.everwire.server.topic;

import dev.everwire.protocol.Priority;
import dev.everwire.protocol.TopicName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What holds for the topics of one pattern. A server asks its rules in their order, and the first
 * that matches holds; a topic that none matches does not exist. Immutable.
 *
 * <p>In a pattern {@code *} is one segment, {@code **} any number of them at the end (none
 * included) and {@code {name}} one segment that is captured: {@code prices/*}, {@code logs/**},
 * {@code users/{id}/inbox}.
 *
 * <p>Unless said otherwise peers may subscribe but not publish, and the last 100 publications are
 * kept for those who come back.
 */
public final class TopicRule {
  private static final int KEEP_LAST = 100;
  private static final String ONE = "*";
  private static final String REST = "**";
  private static final Pattern CAPTURE = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]*}");
  private static final Pattern SLASH = Pattern.compile("/");

  private final String pattern;
  private final List<String> segments;
  private final int keepLast;
  private final boolean publishable;
  private final Priority priority;

  private TopicRule(
      String pattern, List<String> segments, int keepLast, boolean publishable, Priority priority) {
    this.pattern = pattern;
    this.segments = segments;
    this.keepLast = keepLast;
    this.publishable = publishable;
    this.priority = priority;
  }

  /**
   * @throws IllegalArgumentException if the pattern is malformed
   */
  public static TopicRule named(String pattern) {
    List<String> segments = List.of(SLASH.split(pattern, -1));
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      boolean last = i == segments.size() - 1;
      if (!(segment.equals(REST) && last) && !one(segment) && !TopicName.valid(segment)) {
        throw new IllegalArgumentException(
            "pattern: \""
                + pattern
                + "\" (expected: segments of a name, *, {name}, or ** at the end)");
      }
    }
    if (segments.stream().filter(TopicRule::capture).distinct().count()
        < segments.stream().filter(TopicRule::capture).count()) {
      throw new IllegalArgumentException(
          "pattern: \"" + pattern + "\" (expected: each {name} once)");
    }
    return new TopicRule(pattern, segments, KEEP_LAST, false, Priority.NORMAL);
  }

  /**
   * How many of the newest publications are kept for those who come back; with 0 everybody who
   * missed something is told that it is lost.
   */
  public TopicRule keepLast(int publications) {
    if (publications < 0) {
      throw new IllegalArgumentException("keepLast: " + publications + " (expected: >= 0)");
    }
    return new TopicRule(pattern, segments, publications, publishable, priority);
  }

  /** Peers may publish too. */
  public TopicRule publishable() {
    return new TopicRule(pattern, segments, keepLast, true, priority);
  }

  /**
   * How urgent the topic's events are where they wait for a subscriber that reads slowly; {@link
   * Priority#NORMAL} unless said. Those of one topic never overtake each other.
   */
  public TopicRule priority(Priority urgency) {
    return new TopicRule(pattern, segments, keepLast, publishable, urgency);
  }

  public String pattern() {
    return pattern;
  }

  public int keepLast() {
    return keepLast;
  }

  public boolean allowsPublishing() {
    return publishable;
  }

  public Priority priority() {
    return priority;
  }

  public boolean matches(TopicName topic) {
    return variables(topic).isPresent();
  }

  /** What the pattern captures of a name; empty if it does not match. */
  public Optional<Map<String, String>> variables(TopicName topic) {
    String[] name = SLASH.split(topic.value(), -1);
    boolean open = segments.getLast().equals(REST);
    int fixed = open ? segments.size() - 1 : segments.size();
    if (name.length < fixed || (!open && name.length > fixed)) {
      return Optional.empty();
    }
    Map<String, String> captured = new HashMap<>();
    for (int i = 0; i < fixed; i++) {
      String segment = segments.get(i);
      if (capture(segment)) {
        captured.put(segment.substring(1, segment.length() - 1), name[i]);
      } else if (!segment.equals(ONE) && !segment.equals(name[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(captured));
  }

  @Override
  public String toString() {
    return pattern;
  }

  private static boolean one(String segment) {
    return segment.equals(ONE) || capture(segment);
  }

  private static boolean capture(String segment) {
    return CAPTURE.matcher(segment).matches();
  }
}
