package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Catalogue;
import dev.everwire.config.internal.catalogue.Leaf;
import dev.everwire.config.word.Option;
import java.util.ArrayList;
import java.util.List;

/** The catalogue of everything that can be set. */
public final class Options {
  private static final List<Option> ALL = list();

  private Options() {}

  /** In the order of the tree; what elements of a list consist of behind the list. */
  public static List<Option> all() {
    return ALL;
  }

  private static List<Option> list() {
    List<Option> all = new ArrayList<>();
    Config.CATALOGUE
        .leaves()
        .forEach((path, leaf) -> {
          all.add(
              option(leaf, path, Config.DEFAULT.text(path), leaf.live(), Catalogue.variable(path)));
          below(leaf, path, all);
        });
    return List.copyOf(all);
  }

  private static void below(Leaf leaf, String path, List<Option> all) {
    for (Leaf each : leaf.below()) {
      String at = path + "[]." + each.name();
      all.add(option(each, at, leaf.otherwise(each), leaf.live(), ""));
      below(each, at, all);
    }
  }

  private static Option option(
      Leaf leaf, String path, String otherwise, boolean live, String variable) {
    return new Option(
        path,
        leaf.type(),
        otherwise,
        leaf.bounds(),
        leaf.optional(),
        live,
        leaf.hidden(),
        leaf.doc(),
        variable);
  }
}
