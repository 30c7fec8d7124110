package dev.everwire.config.internal.publish;

import dev.everwire.config.internal.catalogue.Catalogue.Item;
import dev.everwire.config.internal.catalogue.Catalogue.Member;
import dev.everwire.config.internal.catalogue.Catalogue.Section;
import dev.everwire.config.internal.catalogue.Leaf;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The tree as YAML. */
public final class Outline {
  private static final int WIDTH = 100;
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();
  private final Map<String, @Nullable Object> values;
  private final String margin; // stands ahead of every line

  private Outline(Map<String, @Nullable Object> values, String margin) {
    this.values = values;
    this.margin = margin;
  }

  /**
   * Options and their values.
   *
   * @param wanted says by its path whether an option is written
   */
  public static String write(
      Section root, Map<String, @Nullable Object> values, Predicate<String> wanted) {
    Outline outline = new Outline(values, "");
    outline.section(root, "", wanted);
    return outline.out.toString();
  }

  /** All options with what they are for, commented out; the preset is not. */
  public static String example(Section root, Map<String, @Nullable Object> values) {
    Outline outline = new Outline(values, "#");
    outline.out.append(
        """
        ## Everything that can be set, with what holds in the preset "development".
        ## Take the # at the beginning of a line away to say what stands there, and that of its section.
        ## Durations: 500ms 10s 2m 1h 30d. Sizes: 1000 64KiB 10MiB. No bound, or nothing: none.
        ## A secret is {file: /path} or {env: NAME}. Paths are relative to where the server is started.
        ## The environment says the same: EVERWIRE_SESSION_RESUME_WITHIN is session.resumeWithin.

        preset: development
        """);
    for (Member member : root.members()) {
      if (!member.name().equals("preset")) {
        outline.out.append('\n');
        outline.explained(member, "");
      }
    }
    return outline.out.toString();
  }

  private void section(Section section, String indent, Predicate<String> wanted) {
    for (Member member : section.members()) {
      switch (member) {
        case Item(Leaf leaf) -> {
          if (wanted.test(leaf.path())) {
            option(leaf, indent);
          }
        }
        case Section below -> {
          if (any(below, wanted)) {
            line(indent + below.name() + ":");
            section(below, indent + INDENT, wanted);
          }
        }
      }
    }
  }

  private static boolean any(Section section, Predicate<String> wanted) {
    return section.members().stream()
        .anyMatch(member ->
            switch (member) {
              case Item(Leaf leaf) -> wanted.test(leaf.path());
              case Section below -> any(below, wanted);
            });
  }

  private void explained(Member member, String indent) {
    switch (member) {
      case Section section -> {
        comment(section.doc(), indent);
        line(indent + section.name() + ":");
        section.members().forEach(below -> explained(below, indent + INDENT));
      }
      case Item(Leaf leaf) -> {
        comment(about(leaf), indent);
        for (Leaf below : leaf.below()) {
          String otherwise = leaf.otherwise(below);
          String normal = otherwise.isEmpty() ? "must be said" : otherwise;
          comment(
              "  " + below.name() + " (" + kind(below) + "; " + normal + "): " + below.doc(),
              indent);
        }
        option(leaf, indent);
      }
    }
  }

  private static String about(Leaf leaf) {
    return leaf.doc() + " (" + kind(leaf) + (leaf.live() ? "; live" : "") + ")";
  }

  private static String kind(Leaf leaf) {
    return leaf.type()
        + (leaf.bounds().isEmpty() ? "" : ", " + leaf.bounds())
        + (leaf.optional() ? ", or none" : "");
  }

  private void comment(String text, String indent) {
    String lead = indent + "# ";
    StringBuilder line = new StringBuilder();
    String deeper = text.startsWith("  ") ? "    " : "";
    for (String word : text.strip().split(" ", -1)) {
      if (!line.isEmpty() && lead.length() + line.length() + word.length() + 2 > WIDTH) {
        line(lead + line);
        line.setLength(0);
        line.append(deeper).append(word);
      } else {
        line.append(line.isEmpty() ? deeper.length() > 0 ? "  " : "" : " ").append(word);
      }
    }
    line(lead + line);
  }

  /** A list of sections stands below its name, everything else beside it. */
  private void option(Leaf leaf, String indent) {
    Object value = values.get(leaf.path());
    if (!leaf.below().isEmpty() && value instanceof List<?> list && !list.isEmpty()) {
      line(indent + leaf.name() + ":");
      for (Object element : list) {
        String text = leaf.write(List.of(element));
        line(indent + INDENT + "- " + text.substring(1, text.length() - 1));
      }
    } else {
      line(indent + leaf.name() + ": " + leaf.write(value));
    }
  }

  private void line(String text) {
    out.append(margin).append(text).append('\n');
  }
}
