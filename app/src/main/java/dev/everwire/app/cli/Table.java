package dev.everwire.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lines in columns, each as wide as its widest cell. Of very long lists the first rows say how wide
 * that is, so that the others need not be kept; a wider cell there only shifts its own line.
 */
final class Table {
  private static final int MEASURED = 2_000;
  private static final String BETWEEN = "  ";

  /** East Asian wide characters and pictures, about. */
  private static final List<Range> WIDE =
      List.of(
          new Range(0x1100, 0x115f),
          new Range(0x2e80, 0xa4cf),
          new Range(0xac00, 0xd7a3),
          new Range(0xf900, 0xfaff),
          new Range(0xfe30, 0xfe6f),
          new Range(0xff00, 0xff60),
          new Range(0xffe0, 0xffe6),
          new Range(0x1f300, 0x1faff),
          new Range(0x20000, 0x3fffd));

  private final Consumer<String> print;
  private final List<List<String>> held = new ArrayList<>();
  private final int[] widths;
  private boolean flowing;

  /**
   * @param print takes each line
   */
  Table(Consumer<String> print, String... header) {
    this.print = print;
    this.widths = new int[header.length];
    row(List.of(header));
  }

  /** The cells are printed as they are: see {@link Shown#text}. */
  void row(List<String> cells) {
    if (flowing) {
      print.accept(line(cells));
      return;
    }
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
    held.add(cells);
    if (held.size() > MEASURED) {
      end();
    }
  }

  /** Prints what is held; the rest is printed as it comes. */
  void end() {
    flowing = true;
    held.forEach(cells -> print.accept(line(cells)));
    held.clear();
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell);
      if (i < widths.length - 1) {
        line.append(" ".repeat(Math.max(0, widths[i] - width(cell)))).append(BETWEEN);
      }
    }
    return line.toString().stripTrailing();
  }

  /** In cells of a terminal: none for what combines, two for what is wide. */
  private static int width(String cell) {
    return cell.codePoints().map(Table::cells).sum();
  }

  private static int cells(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> WIDE.stream().anyMatch(range -> range.holds(c)) ? 2 : 1;
    };
  }

  private record Range(int from, int to) {
    boolean holds(int c) {
      return c >= from && c <= to;
    }
  }
}
