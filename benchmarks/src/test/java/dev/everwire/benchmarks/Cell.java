package dev.everwire.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One kind of load that is put on every peer.
 *
 * @param must what Everwire has to reach, as a multiple of raw Netty; 0 for none
 */
record Cell(String name, String bench, List<String> options, double must) {
  static List<Cell> quick() {
    return List.of(
        new Cell("echo 128 B, depth 1", "echo", List.of(), 0.95),
        new Cell("echo 128 B, depth 32", "echo", List.of("--depth", "32"), 1.5),
        new Cell("echo 16 KiB, depth 1", "echo", List.of("--size", "16384"), 1.2),
        // raw Netty checks text for UTF-8 slowly; without that check the yardstick is a harder one
        new Cell("binary 128 B, depth 32", "echo", List.of("--binary", "--depth", "32"), 1.5),
        new Cell("binary 16 KiB, depth 1", "echo", List.of("--binary", "--size", "16384"), 1.2),
        new Cell("fan-out 128 B to 1 000", "fanout", fanout(1_000, "--depth", "4"), 1.8),
        new Cell("fan-out to 1 000, paced 20/s", "fanout", fanout(1_000, "--rate", "20"), 0));
  }

  /** What takes longer, or more memory. */
  static List<Cell> more() {
    return List.of(
        new Cell("echo 16 KiB, depth 32", "echo", List.of("--size", "16384", "--depth", "32"), 1.2),
        new Cell("fan-out 128 B to 5 000", "fanout", fanout(5_000, "--depth", "4"), 2));
  }

  /** Calls of a method that gives its parameter back, a text of 64 bytes. */
  static List<Cell> calls() {
    List<Cell> cells = new ArrayList<>();
    for (int depth : new int[] {1, 32}) {
      for (int connections : new int[] {1, 50, 1_000}) {
        String name =
            (connections == 1
                    ? "1 connection"
                    : String.format(Locale.ROOT, "%,d connections", connections).replace(',', ' '))
                + ", depth "
                + depth;
        List<String> options =
            List.of(
                "--connections", Integer.toString(connections), "--depth", Integer.toString(depth));
        cells.add(new Cell(name, "rpc", options, 0));
      }
    }
    return cells;
  }

  private static List<String> fanout(int subscribers, String option, String value) {
    return List.of("--connections", Integer.toString(subscribers), option, value);
  }
}
