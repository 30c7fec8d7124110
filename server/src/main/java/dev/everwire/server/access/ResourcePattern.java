package dev.everwire.server.access;

import dev.everwire.protocol.TopicName;
import dev.everwire.spi.auth.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule's resource matches, read once. A match goes through the name once and allocates
 * nothing, whatever the name is. Immutable.
 */
sealed interface ResourcePattern {
  String EVERYTHING = "**";

  boolean matches(String resource, Principal principal);

  /**
   * @throws IllegalArgumentException if it is malformed for this kind of action
   */
  static ResourcePattern of(Action action, String text) {
    if (text.equals(EVERYTHING)) {
      return new Names("", true);
    }
    return switch (action) {
      case CALL, ADMINISTER -> Names.read(text);
      case SUBSCRIBE, HISTORY, PUBLISH -> Topics.read(text);
    };
  }

  private static IllegalArgumentException malformed(String text, String expected) {
    return new IllegalArgumentException("resources: \"" + text + "\" (expected: " + expected + ")");
  }

  /**
   * One name, or all that begin so.
   *
   * @param open whether anything may follow
   */
  record Names(String beginning, boolean open) implements ResourcePattern {
    private static final int LONGEST = 256;

    static Names read(String text) {
      int star = text.indexOf('*');
      if (text.isEmpty()
          || text.length() > LONGEST
          || text.contains("{") // means something for topics only
          || (star >= 0 && star < text.length() - 1)) {
        throw malformed(
            text, "a name of 1-256 characters without {, * only at its end, or ** for all");
      }
      return star < 0 ? new Names(text, false) : new Names(text.substring(0, star), true);
    }

    @Override
    public boolean matches(String resource, Principal principal) {
      return open ? resource.startsWith(beginning) : resource.equals(beginning);
    }
  }

  /**
   * Segments, one after the other.
   *
   * @param open whether any number of others may follow
   */
  record Topics(List<Segment> segments, boolean open) implements ResourcePattern {

    static Topics read(String text) {
      List<Segment> segments = new ArrayList<>();
      int from = 0;
      while (from <= text.length()) {
        int slash = text.indexOf('/', from);
        int to = slash < 0 ? text.length() : slash;
        String segment = text.substring(from, to);
        if (segment.equals(EVERYTHING) && slash < 0) {
          return new Topics(List.copyOf(segments), true);
        }
        segments.add(Segment.read(segment, text));
        from = to + 1;
      }
      return new Topics(List.copyOf(segments), false);
    }

    @Override
    public boolean matches(String resource, Principal principal) {
      int from = 0; // of the next segment; beyond the end when there is none
      for (int i = 0; i < segments.size(); i++) {
        if (from > resource.length()) {
          return false;
        }
        int slash = resource.indexOf('/', from);
        int to = slash < 0 ? resource.length() : slash;
        if (!segments.get(i).matches(resource, from, to, principal)) {
          return false;
        }
        from = to + 1;
      }
      return open || from > resource.length();
    }
  }

  /** What follows the beginning of a segment. */
  enum Rest {
    NOTHING(""),
    ANYTHING("*"),
    USER("{user}"),
    TENANT("{tenant}");

    private final String text;

    Rest(String text) {
      this.text = text;
    }
  }

  /** A segment begins with a text, which may be empty, and ends with a rest. */
  record Segment(String beginning, Rest rest) {

    static Segment read(String segment, String whole) {
      Rest rest = Rest.NOTHING;
      for (Rest each : Rest.values()) {
        if (segment.endsWith(each.text)) {
          rest = each; // the last one that fits: each other's text is longer than NOTHING's
        }
      }
      String beginning = segment.substring(0, segment.length() - rest.text.length());
      boolean bare = beginning.isEmpty() && rest != Rest.NOTHING;
      if (!bare && (beginning.indexOf('/') >= 0 || !TopicName.valid(beginning))) {
        throw malformed(
            whole,
            "segments of a name, with *, {user} or {tenant} at their ends, or ** at the end");
      }
      return new Segment(beginning, rest);
    }

    boolean matches(String topic, int from, int to, Principal principal) {
      int length = beginning.length();
      if (to - from < length || !topic.startsWith(beginning, from)) {
        return false;
      }
      int behind = from + length;
      return switch (rest) {
        case NOTHING -> behind == to;
        case ANYTHING -> behind < to;
        case USER -> same(principal.user(), topic, behind, to);
        case TENANT -> same(principal.tenant(), topic, behind, to);
      };
    }

    /** Compared as it stands, so that a name can never be read as a pattern or as two segments. */
    private static boolean same(@Nullable String name, String topic, int from, int to) {
      return name != null
          && name.length() == to - from
          && topic.regionMatches(from, name, 0, name.length());
    }
  }
}
