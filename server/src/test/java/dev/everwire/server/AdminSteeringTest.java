package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.admin.Reloaded;
import dev.everwire.server.drain.DrainReport;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an administrator can do to the server as a whole: drain, reload, change log levels. */
final class AdminSteeringTest {
  private final Program program = new Program();
  private final AdminHall hall = new AdminHall(builder -> builder.operations(program));

  @AfterEach
  void close() {
    hall.close();
  }

  // ---- drain

  @Test
  void aDrainIsBegunAndItsEndIsTold() {
    TestPeer session = hall.dial("");
    hall.hello(session);
    TestPeer plain = hall.dial("");
    JsonMembers answer =
        hall.ask("drain", "{\"withinMs\":2000,\"reason\":\"upgrade\",\"spreadMs\":0}");
    assertThat(answer.integer("connections")).isEqualTo(3);
    assertThat(answer.integer("withinMs")).isEqualTo(2_000);
    assertThat(session.heard()).anyMatch(text -> text.contains("\"reason\":\"upgrade\""));
    hall.network.advance(Duration.ofSeconds(3));
    assertThat(session.closeCode()).isEqualTo(4000);
    assertThat(plain.closeCode()).isEqualTo(1001);
    assertThat(program.report).isNotNull().extracting(DrainReport::closed).isEqualTo(3);
  }

  @Test
  void aDrainWithoutPartsIsAsItWasConfigured() {
    assertThat(hall.ask("drain", "{}").integer("withinMs")).isZero();
    hall.network.runUntilIdle();
    assertThat(hall.admin.closeCode()).isEqualTo(1001);
  }

  @Test
  void aPlanThatCannotBeIsRefusedAndNothingBegins() {
    hall.refused("drain", "{\"withinMs\":-1}", "withinMs: ");
    hall.refused("drain", "{\"withinMs\":\"2s\"}", "withinMs: ");
    hall.refused("drain", "{\"within\":1}", "within: unknown");
    hall.refused("drain", "{\"batch\":0}", "batch: ");
    hall.refused("drain", "{\"url\":\"http://x\"}", "url: ");
    hall.refused("drain", "{\"reason\":\"" + "x".repeat(65) + "\"}", "reason: ");
    assertThat(hall.admin.open()).isTrue();
    assertThat(hall.dial("").open()).isTrue();
  }

  // ---- reload

  @Test
  void aReloadSaysWhatChanged() {
    program.reloaded =
        new Reloaded(
            List.of(
                new Reloaded.Change("session.resume-within", "PT2M", "PT5M", true),
                new Reloaded.Change("listen.port", "8080", null, false)),
            false,
            List.of("listen.port: cannot change while the server runs"));
    JsonMembers answer = hall.ask("reload", "{\"dryRun\":true}");
    assertThat(program.dryRun).isTrue();
    assertThat(answer.bool("applied", true)).isFalse();
    assertThat(answer.strings("problems"))
        .containsExactly("listen.port: cannot change while the server runs");
    List<JsonMembers> changed = AdminHall.rows(answer, "changed");
    assertThat(changed).hasSize(2);
    assertThat(changed.getFirst().string("option")).isEqualTo("session.resume-within");
    assertThat(changed.getFirst().string("from")).isEqualTo("PT2M");
    assertThat(changed.getFirst().string("to")).isEqualTo("PT5M");
    assertThat(changed.getFirst().bool("live", false)).isTrue();
    assertThat(changed.getLast().stringOrNull("to")).isNull();
    assertThat(changed.getLast().bool("live", true)).isFalse();

    hall.ask("reload", "{}");
    assertThat(program.dryRun).isFalse();
  }

  @Test
  void anAnswerOfAReloadIsBounded() {
    program.reloaded =
        new Reloaded(
            IntStream.range(0, 1_000)
                .mapToObj(i -> new Reloaded.Change("o" + i, "x".repeat(10_000), "y", true))
                .toList(),
            true,
            List.of());
    JsonMembers answer = hall.ask("reload", "{}");
    assertThat(AdminHall.rows(answer, "changed")).hasSize(200);
    assertThat(answer.integer("more")).isEqualTo(800);
    assertThat(AdminHall.rows(answer, "changed").getFirst().string("from")).hasSize(501);
  }

  @Test
  void whatAReloadThrowsIsAnIncidentAndTheNextOneIsServed() {
    program.failure = new IllegalStateException("secret=hunter2");
    JsonMembers error = hall.error("reload", "{}");
    assertThat(error.integer("code")).isEqualTo(-32603);
    assertThat(error.string("message")).doesNotContain("hunter2");
    program.failure = new IllegalArgumentException("everwire.yaml:3:5: no such option");
    assertThat(hall.error("reload", "{}").string("message"))
        .isEqualTo("Invalid params: everwire.yaml:3:5: no such option");
    program.failure = null;
    assertThat(hall.ask("reload", "{}").bool("applied", false)).isTrue();
  }

  @Test
  void onlyOneReloadRunsAtATime() {
    List<Runnable> work = new ArrayList<>();
    try (AdminHall slow =
        new AdminHall(builder -> builder.operations(program).workers(work::add))) {
      slow.admin.queue(request(1, "rpc.admin.reload"));
      slow.network.runUntilIdle();
      assertThat(slow.error("reload", "{}").integer("code")).isEqualTo(-32009);
      List<Runnable> now = List.copyOf(work);
      work.clear();
      now.forEach(Runnable::run);
      slow.network.runUntilIdle();
      assertThat(slow.admin.heard()).anyMatch(text -> text.contains("\"applied\":true"));
    }
  }

  @Test
  void aReloadForWhichThereIsNoWorkerDoesNotStandInTheWayOfTheNext() {
    AtomicBoolean full = new AtomicBoolean();
    Executor workers =
        task -> {
          if (full.get()) {
            throw new RejectedExecutionException("full");
          }
          task.run();
        };
    try (AdminHall busy = new AdminHall(builder -> builder.operations(program).workers(workers))) {
      full.set(true);
      assertThat(busy.error("reload", "{}").integer("code")).isEqualTo(-32012);
      full.set(false);
      assertThat(busy.ask("reload", "{}").bool("applied", false)).isTrue();
    }
  }

  // ---- log levels

  @Test
  void aLogLevelIsChangedAndTheFormerIsSaid() {
    JsonMembers answer =
        hall.ask("logLevel", "{\"logger\":\"dev.everwire.server\",\"level\":\"DEBUG\"}");
    assertThat(answer.string("logger")).isEqualTo("dev.everwire.server");
    assertThat(answer.string("level")).isEqualTo("debug");
    assertThat(answer.string("before")).isEqualTo("warning");
    assertThat(program.levels).containsExactly("dev.everwire.server DEBUG");
    hall.ask("logLevel", "{\"logger\":\"root\",\"level\":\"warn\"}");
    assertThat(program.levels).last().isEqualTo(" WARNING");
  }

  @Test
  void aLevelThatIsNoneIsRefused() {
    hall.refused("logLevel", "{\"logger\":\"a\",\"level\":\"loud\"}", "level: expected off");
    hall.refused("logLevel", "{\"logger\":\"a b\",\"level\":\"info\"}", "logger: ");
    hall.refused("logLevel", "{\"level\":\"info\"}", "logger: missing");
    hall.refused("logLevel", "{\"logger\":\"a\"}", "level: missing");
    hall.refused("reload", "{\"dryrun\":true}", "dryrun: unknown (expected: dryRun)");
    assertThat(program.levels).isEmpty();
  }

  // ---- who may

  @Test
  void aServerThatHasNoneOfThatSaysSo() {
    try (AdminHall bare = new AdminHall()) {
      JsonMembers error = bare.error("reload", "{}");
      assertThat(error.integer("code")).isEqualTo(-32601);
      assertThat(error.string("message")).isEqualTo("this server has no configuration to reload");
      assertThat(bare.error("logLevel", "{\"logger\":\"a\",\"level\":\"info\"}").integer("code"))
          .isEqualTo(-32601);
    }
  }

  @Test
  void whoMayNotSteersNothing() {
    TestPeer ann = hall.dial("?user=ann");
    assertThat(hall.error(ann, "drain", "{}").integer("code")).isEqualTo(-32003);
    assertThat(hall.error(ann, "reload", "{}").integer("code")).isEqualTo(-32003);
    assertThat(hall.error(ann, "logLevel", "{\"logger\":\"a\",\"level\":\"off\"}").integer("code"))
        .isEqualTo(-32003);
    assertThat(hall.dial("").open()).isTrue();
    assertThat(program.levels).isEmpty();
    assertThat(program.dryRun).isNull();
  }

  private static String request(int id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}";
  }

  /** The program around the server. */
  private static final class Program implements Operations {
    Reloaded reloaded = new Reloaded(List.of(), true, List.of());
    @Nullable RuntimeException failure;
    @Nullable Boolean dryRun;
    @Nullable DrainReport report;
    final List<String> levels = new ArrayList<>();

    @Override
    public Reloaded reload(boolean dry) {
      dryRun = dry;
      if (failure != null) {
        throw failure;
      }
      return reloaded;
    }

    @Override
    public Level logLevel(String logger, Level level) {
      levels.add(logger + " " + level);
      return Level.WARNING;
    }

    @Override
    public void drained(DrainReport whole) {
      report = whole;
    }
  }
}
