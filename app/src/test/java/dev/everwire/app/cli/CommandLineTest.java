package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.app.Served;
import dev.everwire.testkit.Await;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands in this JVM: what they print and how they end. */
final class CommandLineTest {
  private static Served server;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    server = Served.demo("test");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<String> everyCommandHasHelpWithItsExitStatuses() {
    return Stream.concat(Stream.of(""), Root.commandLine().getSubcommands().keySet().stream());
  }

  @ParameterizedTest
  @MethodSource
  void everyCommandHasHelpWithItsExitStatuses(String command) {
    assertThat(command.isEmpty() ? run("--help") : run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: everwire", "Exit status:", "69 ");
    for (ExitStatus status : ExitStatus.values()) {
      assertThat(out.toString()).containsPattern("(?m)^\\s*" + status.code() + "\\s");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | Unknown option | serve --prot 1
          2 | --port | serve --port eighty
          2 | --port: 70000 | serve --port 70000
          2 | no duration | serve --drain 10
          2 | listen.open true | serve --host 0.0.0.0 --port 0
          2 | listen.open true | serve --host :: --port 0
          2 | --origin: | serve --origin nonsense
          2 | Missing required subcommand | config
          2 | Missing required | config diff
          2 | did you mean "production" | config presets prodution
          2 | not a known address | serve --host no.such.host.invalid
          2 | Missing required | call
          2 | Unmatched argument | call URL add [] more
          2 | not valid JSON | call URL add {
          2 | array or object | call URL add 5
          2 | not a URL | call ftp://x add
          2 | not a URL | call ws:// add
          2 | expected: no user | call ws://a@b/ws add
          2 | within | call URL add --within 0s
          2 | not a valid name | subscribe URL a//b
          2 | no position | subscribe URL a --since x
          2 | one topic | subscribe URL a b --since e:1
          2 | --count | subscribe URL a --count 0
          2 | not valid JSON | publish URL a nul
          2 | not a URL | echo http://localhost
          2 | Missing required subcommand | bench
          2 | another machine | bench echo ws://192.0.2.1/echo
          2 | --connections: 0 | bench idle ws://127.0.0.1:1 --connections 0
          2 | --depth x size | bench rpc ws://127.0.0.1:1 --depth 10000 --size 100000
          2 | array or object | bench rpc ws://127.0.0.1:PORT/ws --params 5
          1 | Method not found | call URL foobar
          1 | failed as asked | call URL fail
          1 | 404 | call ws://127.0.0.1:PORT/nothing add
          1 | 404 | echo ws://127.0.0.1:PORT/nothing
          69 | nothing answers | call ws://127.0.0.1:1 add
          69 | nothing answers | echo ws://127.0.0.1:1
          69 | nothing answers | bench echo ws://127.0.0.1:1
          69 | cannot be looked at | bench echo ws://127.0.0.1:PORT/echo --pid 2147483647
          69 | nothing answers | publish ws://127.0.0.1:1 a 1
          69 | no answer within | call URL slow [5000] --within 200ms
          69 | in use | serve --port PORT
          """)
  void whatGoesWrongIsOneSentence(int status, String part, String words) {
    assertThat(run(words.split(" "))).isEqualTo(status);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains(part).startsWith("everwire ").hasLineCount(1);
  }

  @Test
  void aResultIsPrintedAsJson() {
    assertThat(run("call", url(), "add", "[1,2]")).isZero();
    assertThat(run("call", "--json", url(), "echo", "{\"a\": [1]}")).isZero();
    assertThat(run("call", "--json", url(), "echo")).isZero();
    assertThat(out.toString().lines())
        .containsExactly("3", "{\"result\":{\"a\": [1]}}", "{\"result\":null}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whatATerminalCouldObeyIsPrintedEscaped() {
    assertThat(run("call", url(), "echo", "[\"\u009b2J\u202e\"]")).isZero();
    assertThat(out.toString().strip()).isEqualTo("[\"\\u009b2J\\u202e\"]");
    assertThat(run("call", url(), "fail", "[7,\"a\\u001b[2Jb\"]"))
        .isEqualTo(ExitStatus.REFUSED.code());
    assertThat(err.toString()).contains("a\\u001b[2Jb").doesNotContain("\u001b");
  }

  @Test
  void methodsAreListedWithWhatTheyTakeAndAnswer() {
    assertThat(run("discover", url())).isZero();
    assertThat(out.toString().lines())
        .contains("echo(...) -> any")
        .anyMatch(line ->
            line.matches(
                "subtract\\(minuend: number, subtrahend: number\\) -> number +Subtracts one .*"))
        .anyMatch(line -> line.startsWith("callme(method: string, params?: any) -> any  "));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theDocumentIsPrintedForScripts() {
    assertThat(run("discover", "--json", url())).isZero();
    assertThat(out.toString()).startsWith("{\"openrpc\":\"1.3.2\",").hasLineCount(1);
  }

  @Test
  void anErrorIsPrintedAsJsonForScripts() {
    assertThat(run("call", "--json", url(), "fail", "[7,\"no\",[1]]"))
        .isEqualTo(ExitStatus.REFUSED.code());
    assertThat(out.toString().strip())
        .isEqualTo("{\"error\":{\"code\":7,\"message\":\"no\",\"data\":[1]}}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aSubscriberThatIsRefusedForGoodEnds() {
    assertThat(run("subscribe", "ws://127.0.0.1:PORT/nothing", "a"))
        .isEqualTo(ExitStatus.UNAVAILABLE.code());
    assertThat(err.toString().lines())
        .containsExactly("connecting", err.toString().lines().toList().getLast());
    assertThat(err.toString()).contains("everwire subscribe: ", "404");
    assertThat(run("subscribe", "--json", "ws://127.0.0.1:PORT/nothing", "a"))
        .isEqualTo(ExitStatus.UNAVAILABLE.code());
    assertThat(err.toString().lines().toList().getLast())
        .startsWith("{\"status\":\"closed\",\"why\":\"")
        .contains("404");
  }

  @Test
  void aNotificationHasArrivedWhenTheCommandEnds() {
    for (int i = 0; i < 5; i++) {
      assertThat(run("notify", url(), "notify_sum", "[1]")).isZero();
    }
    assertThat(run("call", url(), "notified", "[\"notify_sum\"]")).isZero();
    assertThat(out.toString().strip()).isEqualTo("5");
  }

  @Test
  void publishPrintsThePositionThatSubscribeBeginsBehind() {
    assertThat(run("publish", url(), "cli/topic", "{\"n\":1}")).isZero();
    String first = out.toString().strip();
    assertThat(first).matches("[^:]+:1");
    assertThat(run("publish", "--json", url(), "cli/topic", "-1")).isZero();
    String epoch = first.substring(0, first.indexOf(':'));
    assertThat(out.toString().lines().toList().get(1))
        .isEqualTo("{\"epoch\":\"" + epoch + "\",\"offset\":2}");
    assertThat(run("subscribe", url(), "cli/topic", "--since", epoch + ":0", "--count", "2"))
        .isZero();
    assertThat(out.toString().lines().skip(2))
        .containsExactly(
            "{\"topic\":\"cli/topic\",\"offset\":1,\"epoch\":\"" + epoch + "\",\"data\":{\"n\":1}}",
            "{\"topic\":\"cli/topic\",\"offset\":2,\"epoch\":\"" + epoch + "\",\"data\":-1}");
  }

  @Test
  void aLostEpochIsSaidOnStandardError() {
    assertThat(run("publish", url(), "cli/lost", "1")).isZero();
    String position = out.toString().strip();
    String epoch = position.substring(0, position.indexOf(':'));
    var follower =
        Thread.ofVirtual()
            .start(() ->
                run("subscribe", "--json", url(), "cli/lost", "--since", "gone:7", "--count", "1"));
    Await.until(() -> err.toString().contains("\"gap\""));
    assertThat(err.toString())
        .contains("\"reason\":\"epoch\"", "{\"epoch\":\"gone\",\"offset\":7}", epoch);
    assertThat(run("publish", url(), "cli/lost", "2")).isZero();
    Await.until(() -> !follower.isAlive());
    assertThat(err.toString().lines()).allMatch(line -> line.startsWith("{\""));
  }

  @Test
  void versionIsOneLine() {
    assertThat(run("version")).isZero();
    assertThat(run("--version")).isZero();
    assertThat(out.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("everwire "));
  }

  private static String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private int run(String... words) {
    String[] args = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      args[i] =
          words[i].equals("URL") ? url() : words[i].replace("PORT", String.valueOf(server.port()));
    }
    return Root.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
