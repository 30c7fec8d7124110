package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --config}: who may come in, what they may do, and what can change meanwhile. */
final class ConfiguredIT {
  private static final int UNAUTHENTICATED = -32001;
  private static final int FORBIDDEN = -32003;
  private static final int NO_TOPIC = -32004;

  private static final String RULES =
      """
      access:
        rules:
          - {actions: [call], resources: [add], roles: [clerk]}
          - {actions: [subscribe, history], resources: ["prices/*"], roles: [clerk]}
          - {actions: [administer], roles: [admin]}
      """;
  private static final String MORE = "    - {actions: [call], resources: [echo], roles: [clerk]}\n";
  private static final String TOPICS =
      """
      topics:
        - {pattern: "prices/*", publishable: true}
        - {pattern: "secret/*", publishable: true}
      """;

  @TempDir private static Path house;
  private static Staff staff;

  @TempDir private Path directory;

  @BeforeAll
  static void hire() throws Exception {
    staff = Staff.hire(house);
  }

  @Test
  void aTokenOpensWhatTheRulesAllowAndNothingElse() throws Exception {
    Path file = says(staff.auth() + RULES + TOPICS);
    try (Serving server = Serving.on(0, "--config", file.toString());
        Client clerk = client(server, staff.clerk());
        Client admin = client(server, staff.admin())) {
      assertThat(server.program().outLines(2).getFirst())
          .startsWith("production preset: tokens, 3 access rules, 2 kinds of topics")
          .endsWith("from " + file);
      assertThat(clerk.call("add", List.of(1, 2), Integer.class)).isEqualTo(3);
      refused(FORBIDDEN, () -> clerk.call("echo", List.of(1), RawJson.class));
      refused(FORBIDDEN, () -> clerk.call("rpc.admin.stats", null, RawJson.class));
      assertThat(admin.call("rpc.admin.stats", null, RawJson.class)).isNotNull();
      refused(FORBIDDEN, () -> admin.call("add", List.of(1, 2), Integer.class));

      try (var prices = clerk.subscribe("prices/eur", RawJson.class)) {
        Await.until(() -> prices.position().isPresent());
      }
      refused(FORBIDDEN, () -> publish(clerk, "prices/eur"));
      try (var secret = clerk.subscribe("secret/plan", RawJson.class)) {
        refused(FORBIDDEN, () -> secret.next());
      }
      try (var none = clerk.subscribe("no/such/topic", RawJson.class)) {
        assertThatThrownBy(none::next)
            .isInstanceOfSatisfying(
                FaultException.class, e -> assertThat(e.fault().code()).isIn(NO_TOPIC, FORBIDDEN));
      }
      assertThat(everwire(server, 1, Map.of(), "call", server.page(), "add", "[1,2]"))
          .anyMatch(line -> line.contains(String.valueOf(UNAUTHENTICATED)));
      try (Client stranger = Everwire.client(server.uri("/ws")).plain().connect()) {
        refused(UNAUTHENTICATED, () -> stranger.call("add", List.of(1, 2), Integer.class));
      }
      String forged = staff.clerk().substring(0, staff.clerk().length() - 6) + "AAAAAA";
      assertThat(call(server, 1, forged, "call", server.page(), "add", "[1,2]"))
          .anyMatch(line -> line.contains("401"));
      assertThat(server.program().toString())
          .doesNotContain(staff.clerk(), staff.admin(), Files.readString(staff.secret()).strip());
    }
  }

  @Test
  void aReloadAppliesWhatCanChangeOrNothing() throws Exception {
    Path file = says(staff.auth() + RULES);
    try (Serving server = Serving.on(0, "--config", file.toString());
        Client clerk = client(server, staff.clerk())) {
      refused(FORBIDDEN, () -> echo(clerk));

      says(staff.auth() + RULES + MORE);
      assertThat(admin(server, 0, "reload", "--dry-run")).contains("would be applied");
      refused(FORBIDDEN, () -> echo(clerk));
      assertThat(call(server, 1, staff.clerk(), "reload", "--url", server.page()))
          .anyMatch(line -> line.contains(String.valueOf(FORBIDDEN)));
      refused(FORBIDDEN, () -> echo(clerk));

      assertThat(admin(server, 0, "reload")).contains("applied");
      assertThat(echo(clerk)).isEqualTo("[1]");
      server.program().err(line -> line.contains("configuration changed access.rules: "));

      says(staff.auth() + RULES + "listen: {backlog: 17}\n");
      assertThat(admin(server, 1, "reload"))
          .contains("not applied")
          .anyMatch(line -> line.contains("listen.backlog: needs a restart"));
      assertThat(echo(clerk)).isEqualTo("[1]");

      says(staff.auth() + RULES + "listening: {}\n");
      assertThat(admin(server, 1, "reload"))
          .contains("not applied")
          .anyMatch(line -> line.contains(file + ":") && line.contains("\"listening\""));
      assertThat(echo(clerk)).isEqualTo("[1]");

      says(staff.auth() + RULES);
      assertThat(admin(server, 0, "reload")).contains("applied");
      refused(FORBIDDEN, () -> echo(clerk));
    }
  }

  @Test
  void theLogIsWrittenAsItIsWantedAndTheAuditLogToItsFile() throws Exception {
    Path audit = directory.resolve("audit.log");
    Path file =
        says(staff.auth() + RULES + "log: {format: json, level: warn, audit: " + audit + "}\n");
    try (Serving server = Serving.on(0, "--config", file.toString());
        Client clerk = client(server, staff.clerk())) {
      refused(FORBIDDEN, () -> echo(clerk));
      Await.until(() -> text(audit).contains("denied"));
      assertThat(admin(server, 0, "log-level", "dev.everwire", "info"))
          .containsExactly("dev.everwire: warning -> info");
      Await.until(() -> text(audit).contains("logLevel"));
      var unused = admin(server, 0, "drain", "--within", "1s");
      assertThat(server.program().exit()).as("%s", server.program()).isZero();
      assertThat(server.program().errLines())
          .isNotEmpty()
          .allMatch(line -> RawJson.parse(line).members().string("logger").startsWith("dev."))
          .noneMatch(line -> line.contains("denied"))
          .anyMatch(line -> line.contains("stopped node="));
      assertThat(text(audit).lines())
          .allMatch(line -> RawJson.parse(line).members().names().contains("message"));
      assertThat(text(audit) + server.program())
          .contains("resource=echo", "user=ann", "user=root")
          .doesNotContain(staff.clerk(), staff.admin());
    }
  }

  @Test
  void theEnvironmentNamesTheFileAndIsStrongerThanIt() throws Exception {
    Path file = says("preset: testing\nlisten: {port: 1, path: /live}\nlog: {level: off}\n");
    Map<String, String> environment =
        Map.of("EVERWIRE_CONFIG", file.toString(), "EVERWIRE_LISTEN_PORT", "0");
    try (Serving server = Serving.of(Program.everwire(environment, "serve", "--demo"));
        Client client = Everwire.client(server.uri("/live")).connect()) {
      assertThat(client.call("add", List.of(1, 2), Integer.class)).isEqualTo(3);
      assertThat(server.program().outLines(2).getFirst())
          .startsWith("testing preset: anonymous, all topics open, administration open");
      assertThat(server.program().errLines()).isEmpty();
    }
  }

  @Test
  void whereOthersReachItItStartsOnlyIfSomebodyIsAskedWhoTheyAre() throws Exception {
    Path closed = says(staff.auth() + "listen: {host: 0.0.0.0, port: 0}\n");
    try (Serving server = Serving.of(Program.everwire("serve", "--config", closed.toString()))) {
      assertThat(server.program().outLines(2).getFirst()).contains("open to other machines");
    }
    String open = says("preset: development\nlisten:\n  host: 0.0.0.0\n  port: 0\n").toString();
    try (Program refused = Program.everwire("serve", "--config", open)) {
      assertThat(refused.exit()).as("%s", refused).isEqualTo(2);
      assertThat(refused.errLines())
          .singleElement()
          .asString()
          .startsWith(open + ":3:9: listen.host: ")
          .contains("listen.open true");
      assertThat(refused.outLines(0)).isEmpty();
    }
    try (Serving server = Serving.of(Program.everwire("serve", "--open", "--config", open))) {
      assertThat(server.program().outLines(2).getFirst())
          .contains("anonymous", "open to other machines")
          .doesNotContain("administration open");
    }
  }

  private Path says(String text) throws IOException {
    return Files.writeString(directory.resolve("everwire.yaml"), text);
  }

  private static Client client(Serving server, String token) {
    return Everwire.client(server.uri("/ws")).token(token).connect();
  }

  private static String echo(Client client) {
    return String.valueOf(client.call("echo", List.of(1), RawJson.class));
  }

  private static void publish(Client client, String topic) {
    var unused = client.call("rpc.publish", Map.of("topic", topic, "data", 1), RawJson.class);
  }

  private static void refused(int code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
  }

  private static List<String> admin(Serving server, int status, String... words) throws Exception {
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--url", server.page()));
    return call(server, status, staff.admin(), args.toArray(String[]::new));
  }

  private static List<String> call(Serving server, int status, String token, String... words)
      throws Exception {
    return everwire(server, status, Map.of("EVERWIRE_TOKEN", token), words);
  }

  /** All lines of a command that ended as it should. */
  private static List<String> everwire(
      Serving server, int status, Map<String, String> environment, String... words)
      throws Exception {
    try (Program program = Program.everwire(environment, words)) {
      assertThat(program.exit()).as("%s\n%s", program, server.program()).isEqualTo(status);
      List<String> lines = new ArrayList<>(program.outLines(0));
      lines.addAll(program.errLines());
      return lines;
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
