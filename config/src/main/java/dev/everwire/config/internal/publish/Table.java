package dev.everwire.config.internal.publish;

import dev.everwire.config.word.Option;
import java.util.List;
import java.util.Map;

/** Options as Markdown. */
public final class Table {
  private Table() {}

  public static String write(List<Option> options) {
    StringBuilder out =
        new StringBuilder("| option | what it is | default | live |\n|--|--|--|--|\n");
    for (Option option : options) {
      String bounds = option.bounds().isEmpty() ? "" : ", " + option.bounds();
      String what = option.type() + bounds + (option.optional() ? ", or none" : "");
      out.append("| `").append(option.path()).append("` | ");
      out.append(cell(option.doc() + " (" + what + ")")).append(" | ");
      out.append(option.defaultText().isEmpty() ? "–" : code(option.defaultText()));
      out.append(" | ").append(option.live() ? "yes" : "").append(" |\n");
    }
    return out.toString();
  }

  /** One preset: what it is for and what it changes. */
  public static String write(String name, String base, String doc, Map<String, String> changes) {
    StringBuilder out = new StringBuilder("### " + name + "\n\n" + doc + "\n\n");
    if (changes.isEmpty()) {
      return out.append("It is the default of every option.\n").toString();
    }
    out.append("| beyond `").append(base).append("` | |\n|--|--|\n");
    changes.forEach((path, value) ->
        out.append("| `").append(path).append("` | ").append(code(value)).append(" |\n"));
    return out.toString();
  }

  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
  }
}
