package dev.everwire.autobahn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every case of the suite ends no worse than its line in {@code expected-….txt} says.
 *
 * <p>{@code -Dautobahn.cases=1.*,6.4.*} runs some; {@code -Dautobahn.rewrite=true} writes the
 * outcomes into the files instead of comparing; {@code -Dautobahn.python=python2.7} takes the suite
 * that is installed there.
 */
final class AutobahnIT {
  private static final Duration LONGEST_RUN = Duration.ofMinutes(90);

  private final Cases cases = Cases.parse(System.getProperty("autobahn.cases", ""));
  private final Path base = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

  @Test
  void theServerIsNoWorseThanItsLines() throws Exception {
    Path directory = base.resolve("target/autobahn/server");
    try (var server = new EchoServer();
        Suite suite = Suite.againstServer(directory, cases, server.url())) {
      suite.awaitEnd(LONGEST_RUN);
      compare("expected-server.txt", suite.report(), List.of());
    }
  }

  @Test
  void theClientIsNoWorseThanItsLines() throws Exception {
    Path directory = base.resolve("target/autobahn/client");
    var problems = new ArrayList<String>();
    try (Suite suite = Suite.againstClient(directory, cases);
        var client = new EchoClient(suite.awaitPort(), Suite.AGENT)) {
      int count = client.caseCount();
      for (int number = 1; number <= count; number++) {
        try {
          client.runCase(number);
        } catch (IOException e) {
          problems.add(e.getMessage()); // that case shows up as missing
        }
      }
      client.updateReports();
      compare("expected-client.txt", suite.report(), problems);
    }
  }

  private void compare(String fileName, Report report, List<String> problems) throws IOException {
    Path file = base.resolve(fileName);
    Ratchet ratchet = Ratchet.read(file);
    List<Verdict> run = report.verdicts();
    long passed = run.stream().filter(Verdict::passes).count();
    System.out.println(fileName + ": " + passed + " of " + run.size() + " cases pass");
    problems.forEach(System.out::println);
    if (Boolean.getBoolean("autobahn.rewrite")) {
      ratchet.with(run).write(file);
      return;
    }
    var comparison = ratchet.compare(run, id -> cases.contains(id) && Suite.has(id));
    for (Verdict better : comparison.better()) {
      System.out.println(better + ": better than its line; -Dautobahn.rewrite=true keeps it");
    }
    assertThat(run).as("cases that were run").isNotEmpty();
    assertThat(complaints(comparison, report)).isEmpty();
  }

  private static List<String> complaints(Ratchet.Comparison comparison, Report report)
      throws IOException {
    var complaints = new ArrayList<String>();
    comparison.missing().forEach(line -> complaints.add(line + ": was not run to its end"));
    comparison.unknown().forEach(verdict -> complaints.add(verdict + ": has no line"));
    for (Verdict worse : comparison.worse()) {
      complaints.add(worse + ": worse than its line\n" + report.explain(worse.id()));
    }
    return complaints;
  }
}
