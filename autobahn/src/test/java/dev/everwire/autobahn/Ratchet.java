package dev.everwire.autobahn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What was reached before, one line per case. It may get better, never worse. */
final class Ratchet {
  private final Map<String, Verdict> lines = new TreeMap<>(Verdict.BY_NUMBER);

  Ratchet(Collection<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      if (lines.put(verdict.id(), verdict) != null) {
        throw new IllegalArgumentException("case " + verdict.id() + " has two lines");
      }
    }
  }

  /** A file that does not exist holds no line yet. */
  static Ratchet read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new Ratchet(List.of());
    }
    return new Ratchet(
        Files.readAllLines(file).stream()
            .filter(line -> !line.isBlank())
            .map(Verdict::parse)
            .toList());
  }

  void write(Path file) throws IOException {
    Files.write(file, lines.values().stream().map(Verdict::toString).toList());
  }

  Collection<Verdict> verdicts() {
    return List.copyOf(lines.values());
  }

  /** These lines, replaced where a run says something newer. */
  Ratchet with(Collection<Verdict> run) {
    var merged = new TreeMap<>(lines);
    run.forEach(verdict -> merged.put(verdict.id(), verdict));
    return new Ratchet(merged.values());
  }

  /**
   * @param expected which of the lines the run had to come to
   */
  Comparison compare(Collection<Verdict> run, Predicate<String> expected) {
    var worse = new ArrayList<Verdict>();
    var better = new ArrayList<Verdict>();
    var unknown = new ArrayList<Verdict>();
    var missing = new TreeMap<>(lines);
    for (Verdict verdict : run) {
      missing.remove(verdict.id());
      @Nullable Verdict line = lines.get(verdict.id());
      if (line == null) {
        unknown.add(verdict);
      } else if (verdict.worseThan(line)) {
        worse.add(verdict);
      } else if (line.worseThan(verdict)) {
        better.add(verdict);
      }
    }
    missing.keySet().removeIf(expected.negate());
    return new Comparison(
        List.copyOf(worse),
        List.copyOf(missing.values()),
        List.copyOf(unknown),
        List.copyOf(better));
  }

  /**
   * @param worse than their lines; better in one part and worse in the other is worse
   * @param missing lines without an outcome
   * @param unknown outcomes without a line
   */
  record Comparison(
      List<Verdict> worse, List<Verdict> missing, List<Verdict> unknown, List<Verdict> better) {}
}
