package dev.everwire.app.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogsTest {
  private final LoggerContext context = new LoggerContext();
  private final Logs logs = new Logs(context);

  @TempDir private Path directory;

  @BeforeEach
  void begin() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aLevelHoldsForALoggerAndThoseBelowIt() {
    assertThat(logs.level("", Level.WARNING)).isEqualTo(Level.DEBUG); // as Logback begins
    assertThat(context.getLogger("dev.everwire.server").isInfoEnabled()).isFalse();
    assertThat(logs.level("dev.everwire", Level.TRACE)).isEqualTo(Level.WARNING);
    assertThat(context.getLogger("dev.everwire.server").isTraceEnabled()).isTrue();
    assertThat(context.getLogger("io.netty").isInfoEnabled()).isFalse();
    assertThat(logs.level("dev.everwire", Level.OFF)).isEqualTo(Level.TRACE);
    assertThat(context.getLogger("dev.everwire.server").isErrorEnabled()).isFalse();
  }

  @Test
  void loggersWithALevelOfTheirOwnAreBounded() {
    for (int i = 0; i < 100; i++) {
      logs.level("a" + i, Level.INFO);
    }
    assertThatThrownBy(() -> logs.level("b", Level.INFO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("logger: 100 ");
    assertThat(logs.level("a7", Level.DEBUG)).isEqualTo(Level.INFO);
    logs.level("", Level.ERROR);
  }

  @Test
  void theAuditLogGoesToItsFileAndNowhereElseWhateverTheLevelOfTheRest() throws Exception {
    Path file = directory.resolve("a b.log");
    logs.audit(file, Logs.Format.TEXT);
    logs.level("", Level.OFF);
    context.getLogger(Logs.AUDIT).warn("denied action=call");
    context.getLogger(Logs.AUDIT).debug("inspected");
    context.getLogger("dev.everwire.server").error("something");
    assertThat(Files.readAllLines(file))
        .singleElement()
        .asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d) WARN  denied action=call");
    assertThat(context.getLogger(Logs.AUDIT).isAdditive()).isFalse();
  }

  @Test
  void nobodySilencesTheAuditLog() throws Exception {
    Path file = directory.resolve("audit.log");
    logs.format(Logs.Format.TEXT);
    assertThat(context.getLogger(Logs.AUDIT).isInfoEnabled()).isTrue();
    logs.audit(file, Logs.Format.TEXT);
    for (Level less : List.of(Level.OFF, Level.ERROR, Level.WARNING)) {
      logs.level("", less);
      logs.level("dev.everwire", less);
      for (String name : List.of(Logs.AUDIT, Logs.AUDIT + ".more")) {
        assertThatThrownBy(() -> logs.level(name, less))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("level: " + less);
      }
    }
    context.getLogger(Logs.AUDIT).info("administered what=kick");
    assertThat(Files.readAllLines(file)).hasSize(1);
    logs.level(Logs.AUDIT, Level.DEBUG);
    context.getLogger(Logs.AUDIT).debug("inspected what=stats");
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void theAuditFileIsNotForEverybody() throws Exception {
    Path file = directory.resolve("audit.log");
    logs.audit(file, Logs.Format.TEXT);
    assertThat(Files.getPosixFilePermissions(file))
        .isSubsetOf(PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void anAuditLogThatIsThereIsContinued() throws Exception {
    Path file = directory.resolve("audit.log");
    Files.writeString(file, "before\n");
    logs.audit(file, Logs.Format.TEXT);
    context.getLogger(Logs.AUDIT).info("after");
    assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("before");
  }

  @Test
  void aLineOfJsonHoldsWhatWasSaidAndWhatWasThrownOnOneLine() throws Exception {
    Path file = directory.resolve("audit.json");
    logs.audit(file, Logs.Format.JSON);
    context
        .getLogger(Logs.AUDIT)
        .error("a \"b\"\nc={}", "ü\u2028", new IllegalStateException("it broke"));
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    var line = RawJson.parse(lines.getFirst()).members();
    assertThat(line.string("message")).isEqualTo("a \"b\"\nc=ü\u2028");
    assertThat(line.string("level")).isEqualTo("error");
    assertThat(line.string("logger")).isEqualTo("dev.everwire.audit");
    assertThat(line.string("thread")).isEqualTo(Thread.currentThread().getName());
    assertThat(line.string("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(line.string("error"))
        .contains("IllegalStateException: it broke", "LogsTest.aLineOfJson");
  }

  @Test
  void anAuditFileThatCannotBeWrittenIsSaid() {
    Path file = directory.resolve("no/such/directory/audit.log");
    assertThatThrownBy(() -> logs.audit(file, Logs.Format.TEXT))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " cannot be written");
    assertThatThrownBy(() -> logs.audit(directory.resolve("50%d"), Logs.Format.TEXT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no %");
  }
}
