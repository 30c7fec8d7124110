package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.admin.Reloaded;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of an operator, in this JVM, against a server that knows who is who. */
final class AdminCommandsTest {
  private static final Map<String, String> USERS =
      Map.of("token-of-root", "root", "token-of-ann", "ann", "token-of-bob", "b\u202eob");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Program program = new Program();
  private final List<TextClient> clients = new ArrayList<>();
  private final List<String> noted = new CopyOnWriteArrayList<>();
  private final Server server = start();

  @TempDir private Path directory;

  private Server start() {
    try {
      return Everwire.server(0)
          .drainFor(Duration.ofMillis(100))
          .identify(handshake ->
              Optional.ofNullable(handshake.query().get("as"))
                  .map(USERS::get)
                  .or(() -> Optional.ofNullable(handshake.bearerToken()).map(USERS::get)))
          .administration(caller -> caller.user().filter("root"::equals).isPresent())
          .operations(program)
          .topic(TopicRule.named("**").publishable())
          .method("note", call -> noted.add(call.caller().user().orElse("nobody")))
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    clients.forEach(TextClient::close);
    server.close();
  }

  // ---- looking

  @Test
  void sessionsAreColumnsAsWideAsTheirWidestCell() throws Exception {
    String ann = session("token-of-ann", "till-7");
    String bob = session("token-of-bob", "desk");
    assertThat(run("sessions")).isZero();
    List<String> lines = lines();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("SESSION           USER ");
    int client = lines.getFirst().indexOf("CLIENT");
    assertThat(line(ann).substring(client)).startsWith("till-7");
    assertThat(line(bob).substring(client)).startsWith("desk  ");
    assertThat(line(bob)).contains("b\\u202eob");
    assertThat(out.toString()).doesNotContain("\u202e");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void sessionsAreChosenAndPrintedForScripts() throws Exception {
    String ann = session("token-of-ann", "a");
    session("token-of-bob", "b");
    assertThat(run("sessions", "--user", "ann", "--json")).isZero();
    assertThat(lines()).hasSize(1);
    assertThat(RawJson.parse(lines().getFirst()).members().string("id")).isEqualTo(ann);
    clear();
    assertThat(run("sessions", "--lost")).isZero();
    assertThat(lines()).hasSize(1); // the header
    lose(ann);
    clear();
    assertThat(run("sessions", "--lost", "--json")).isZero();
    assertThat(lines()).hasSize(1).allMatch(line -> line.contains("\"connection\":null"));
    clear();
    assertThat(run("sessions", "--connected", "--json")).isZero();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void aListThatIsCutSaysSoAndAllOfItComesInPages() throws Exception {
    for (int i = 0; i < 3; i++) {
      session("token-of-ann", "c" + i);
    }
    assertThat(run("sessions", "--limit", "2")).isZero();
    assertThat(lines()).hasSize(3);
    assertThat(err.toString()).contains("--all");
    clear();
    assertThat(run("sessions", "--limit", "1", "--all")).isZero();
    assertThat(lines()).hasSize(4);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everythingAboutOneSessionIsShown() throws Exception {
    String ann = session("token-of-ann", "till-7");
    assertThat(run("sessions", ann)).isZero();
    assertThat(lines())
        .anyMatch(line -> line.matches("session +" + ann))
        .anyMatch(line -> line.matches("user +ann"))
        .anyMatch(line -> line.matches("client +till-7"))
        .anyMatch(line -> line.matches("idle +[0-9]+m?s"))
        .anyMatch(line -> line.matches("caps +ack"));
    clear();
    assertThat(run("sessions", "--json", ann)).isZero();
    JsonMembers shown = RawJson.parse(lines().getFirst()).members();
    assertThat(shown.string("session")).isEqualTo(ann);
    clear();
    assertThat(run("sessions", shown.string("connection"))).isZero();
    assertThat(lines()).anyMatch(line -> line.matches("session +" + ann));
  }

  @Test
  void topicsAreListed() throws Exception {
    session("token-of-ann", "a");
    clients
        .getFirst()
        .send(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.subscribe\","
                + "\"params\":{\"topic\":\"prices/eur\"}}");
    assertThat(said(clients.getFirst())).contains("\"result\"");
    server.topics().publish("prices/eur", 1);
    assertThat(run("topics")).isZero();
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).matches("prices/eur +1 +[^ ]+ +1");
    clear();
    assertThat(run("topics", "--json")).isZero();
    assertThat(RawJson.parse(lines().getFirst()).members().integer("offset")).isOne();
  }

  // ---- acting

  @Test
  void aSessionAndAUserAreKicked() throws Exception {
    String first = session("token-of-ann", "a");
    session("token-of-ann", "b");
    assertThat(run("kick", first, "--reason", "enough")).isZero();
    assertThat(lines()).containsExactly("closed 1 connection, ended 0 lost sessions");
    assertThat(clients.getFirst().closeCode()).isEqualTo(4410);
    clear();
    assertThat(run("kick", "--user", "ann", "--json")).isZero();
    assertThat(lines()).containsExactly("{\"closed\":1,\"lost\":0}");
    assertThat(clients.getLast().closeCode()).isEqualTo(4410);
  }

  @Test
  void aLostSessionIsKicked() throws Exception {
    String ann = session("token-of-ann", "a");
    lose(ann);
    assertThat(run("kick", ann)).isZero();
    assertThat(lines()).containsExactly("closed 0 connections, ended 1 lost session");
    assertThat(run("sessions", ann)).isEqualTo(ExitStatus.REFUSED.code());
  }

  @Test
  void kickingNobodyIsExitStatusOne() {
    assertThat(run("kick", "--tag", "nobody")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(lines()).containsExactly("closed 0 connections, ended 0 lost sessions");
  }

  @Test
  void aUserIsRevoked() throws Exception {
    session("token-of-ann", "a");
    assertThat(run("revoke", "--user", "ann")).isZero();
    assertThat(lines()).containsExactly("revoked");
    assertThat(clients.getFirst().closeCode()).isEqualTo(4401);
  }

  @Test
  void anAlertIsHeard() throws Exception {
    session("token-of-ann", "a");
    session("token-of-bob", "b");
    assertThat(
            run(
                "alert",
                "back at 22:00",
                "--severity",
                "warning",
                "--user",
                "ann",
                "--data",
                "[1]"))
        .isZero();
    assertThat(lines()).containsExactly("told 1 of 1 sessions, dropped 0, failed 0");
    assertThat(said(clients.getFirst()))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/alert\",\"params\":{\"severity\":\"warning\","
                + "\"message\":\"back at 22:00\",\"data\":[1]}}");
  }

  @Test
  void aReloadPrintsWhatChanged() {
    program.reloaded =
        new Reloaded(
            List.of(new Reloaded.Change("session.resume-within", "PT2M", "PT5M", true)),
            true,
            List.of());
    assertThat(run("reload")).isZero();
    assertThat(lines())
        .containsExactly(
            "OPTION                 FROM  TO",
            "session.resume-within  PT2M  PT5M  live",
            "applied");
  }

  @Test
  void aReloadThatIsRefusedIsExitStatusOne() {
    program.reloaded =
        new Reloaded(
            List.of(new Reloaded.Change("listen.port", "1", "2", false)),
            false,
            List.of("listen.port: needs a restart"));
    assertThat(run("reload", "--dry-run")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(lines()).last().isEqualTo("would not be applied");
    assertThat(err.toString().strip()).isEqualTo("listen.port: needs a restart");
    clear();
    assertThat(run("reload", "--json")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(lines()).hasSize(1).first().asString().startsWith("{\"applied\":false,");
  }

  @Test
  void aLogLevelIsChanged() {
    assertThat(run("log-level", "dev.everwire", "debug")).isZero();
    assertThat(lines()).containsExactly("dev.everwire: warning -> debug");
  }

  @Test
  void aDrainIsBegun() {
    assertThat(run("drain", "--within", "200ms", "--reason", "deploy")).isZero();
    assertThat(lines()).containsExactly("draining 1 connections within 200ms");
    Await.until(() -> program.drained);
  }

  // ---- who asks

  @Test
  void aTokenMayStandInAFile() throws Exception {
    Path file = directory.resolve("token");
    Files.writeString(file, "token-of-root\n");
    assertThat(bare("topics", "--url", url(), "--token-file", file.toString())).isZero();
    Files.writeString(file, "token-of-ann\n");
    assertThat(bare("topics", "--url", url(), "--token-file", file.toString()))
        .isEqualTo(ExitStatus.REFUSED.code());
    assertThat(err.toString()).contains("-32003").doesNotContain("token-of-ann");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      bare("topics", "--url", url(), "--token-file", file.toString());
      assertThat(err.toString())
          .contains("warning: " + file + " can be read by others (chmod 600)")
          .doesNotContain("token-of-ann");
    }
  }

  @Test
  void theOtherCommandsSayWhoTheyAreToo() {
    assertThat(bare("call", url(), "rpc.admin.stats", "--token", "token-of-root")).isZero();
    assertThat(bare("call", url(), "rpc.admin.stats")).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(bare("notify", url(), "note", "--token", "token-of-ann")).isZero();
    Await.until(() -> !noted.isEmpty());
    assertThat(noted).containsExactly("ann");
  }

  @Test
  void aRefusalIsPrintedForScripts() {
    assertThat(bare("sessions", "--json", "--url", url())).isEqualTo(ExitStatus.REFUSED.code());
    assertThat(lines()).hasSize(1).first().asString().startsWith("{\"error\":{\"code\":-32003,");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | --limit: 0 | sessions --limit 0
          2 | --lost and --connected | sessions --lost --connected
          2 | SESSION | sessions S1 --all
          2 | exactly one of | kick
          2 | exactly one of | kick S1 --user ann
          2 | exactly one of | kick --tag a --connection b
          2 | exactly one of | revoke
          2 | exactly one of | revoke S1 --token-id t
          2 | Missing required | alert
          2 | not valid JSON | alert x --data {
          2 | at most one of | alert x --user a --tag b
          2 | no duration | drain --within soon
          2 | Missing required | log-level dev
          2 | --timeout | topics --timeout 0s
          2 | not a URL | topics --url ftp://x
          2 | expected one of them | topics --token a --token-file b
          2 | cannot be read | topics --token-file /no/such/file
          2 | unencrypted | topics --url ws://192.0.2.1:1/ws --token secr
          2 | unencrypted | topics --url ws://example.invalid/ws --token secr
          2 | unencrypted | call 192.0.2.1:1 add --token secr
          2 | unencrypted | notify ws://192.0.2.1:1/ws add --token secr
          2 | is no token | topics --token secr\u00e9t
          1 | severity: | alert x --severity Bad!
          1 | level: expected off | log-level dev loud
          1 | no connection of this name | sessions nobody
          69 | nothing answers | topics --url ws://127.0.0.1:1
          """)
  void whatGoesWrongIsOneSentence(int status, String part, String words) {
    String[] args = words.split(" ");
    int ended = words.contains("--url") || words.contains("--token") ? bare(args) : run(args);
    assertThat(ended).isEqualTo(status);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains(part)
        .startsWith("everwire ")
        .hasLineCount(1)
        .doesNotContain("secr");
  }

  // ---- helping

  /** Of a client that can go on with its session. */
  private String session(String token, String client) throws InterruptedException {
    TextClient peer = new TextClient(URI.create(url() + "?as=" + token));
    clients.add(peer);
    JsonMembers answer =
        peer.ask(
            "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,"
                + "\"client\":{\"id\":\""
                + client
                + "\"},\"caps\":[\"ack\"]}}");
    return Objects.requireNonNull(answer.object("result"), answer.names().toString())
        .string("session");
  }

  /** The next message that is no ping. */
  private static String said(TextClient client) throws InterruptedException {
    String text = client.text();
    return text.contains("$/ping") ? said(client) : text;
  }

  /** The first client is cut off. */
  private void lose(String session) {
    clients.removeFirst().close();
    Await.until(() -> server.registry().session(session).isEmpty());
  }

  private String url() {
    return "ws://127.0.0.1:" + server.port() + "/ws";
  }

  private String line(String part) {
    return lines().stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private void clear() {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  /** As root. */
  private int run(String... words) {
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--url", url(), "--token", "token-of-root"));
    return bare(args.toArray(String[]::new));
  }

  private int bare(String... words) {
    return Root.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }

  /** What is around the server. */
  private static final class Program implements Operations {
    private Reloaded reloaded = new Reloaded(List.of(), true, List.of());
    private volatile boolean drained;

    @Override
    public Reloaded reload(boolean dryRun) {
      return reloaded;
    }

    @Override
    public Level logLevel(String logger, Level level) {
      return Level.WARNING;
    }

    @Override
    public void drained(DrainReport report) {
      drained = true;
    }
  }
}
