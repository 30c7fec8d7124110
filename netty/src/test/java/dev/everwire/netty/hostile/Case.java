package dev.everwire.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * One thing that a peer does.
 *
 * @param does in the notation of {@link Wire} where it is no code
 * @param expected what must become of it; several sentences, with {@code or} between, where the
 *     standards leave a choice
 */
record Case(String name, String does, String expected) {
  private static final int AT_ONCE = 16;

  /** Plays a case, and gives what became of it. */
  @FunctionalInterface
  interface Stage {
    String play(Case one) throws Exception;
  }

  /** A row for each line: {@code name | what it does | what is expected}. */
  static List<Case> table(String rows) {
    return rows.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\\|", -1))
        .map(cells -> new Case(cells[0].strip(), cells[1].strip(), cells[2].strip()))
        .toList();
  }

  /** A case and how it is played. */
  record Play(Case one, Stage stage) {}

  static List<Play> plays(List<Case> cases, Stage stage) {
    return cases.stream().map(one -> new Play(one, stage)).toList();
  }

  /** A case whose doings are code. */
  static Play play(String name, String expected, Stage stage) {
    return new Play(new Case(name, "", expected), stage);
  }

  /** A test for each case; many are played at once, beginning before the first is asked for. */
  static Stream<DynamicTest> tests(List<Play> plays) {
    // of the platform: a flood never waits, and would keep a virtual thread's carrier to itself
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<DynamicTest> tests =
        plays.stream()
            .map(play -> {
              Case one = play.one();
              var outcome = CompletableFuture.supplyAsync(() -> one.played(play.stage()), threads);
              return DynamicTest.dynamicTest(one.name(), () -> one.check(outcome.join()));
            })
            .toList();
    return tests.stream().onClose(threads::close);
  }

  private String played(Stage stage) {
    try {
      return stage.play(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (Exception | AssertionError e) {
      return "failed: " + e;
    }
  }

  private void check(String outcome) {
    assertThat(outcome).as(name + ": " + does).isIn(Arrays.asList(expected.split(" or ", -1)));
  }
}
