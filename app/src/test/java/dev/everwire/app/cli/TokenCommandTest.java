package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.everwire.auth.ApiKey;
import dev.everwire.auth.ApiKeys;
import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.auth.JwtKeys;
import dev.everwire.auth.JwtSettings;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.config.ConfigLoader;
import dev.everwire.config.section.ApiKeyOptions;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code everwire token} in this JVM: what it prints and how it ends. */
final class TokenCommandTest {
  @TempDir private Path directory;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void aTokenIsIssuedThatTheServerTakes() throws Exception {
    Path secret = directory.resolve("secret");
    assertThat(
            run(
                "issue",
                "--generate",
                "--secret-file",
                secret.toString(),
                "--user",
                "ada",
                "--tenant",
                "acme",
                "--role",
                "admin",
                "--role",
                "reader",
                "--permission",
                "read",
                "--permission",
                "write",
                "--audience",
                "everwire",
                "--issuer",
                "me",
                "--for",
                "2h"))
        .isZero();
    JwtAuthenticator server =
        JwtAuthenticator.open(
            JwtSettings.builder()
                .keys(JwtKeys.secretFile(secret, Set.of(SigningAlgorithm.HS256)))
                .issuers("me")
                .audiences("everwire")
                .build());
    Principal principal = accepted(server, out.toString().strip());
    assertThat(principal.user()).isEqualTo("ada");
    assertThat(principal.tenant()).isEqualTo("acme");
    assertThat(principal.roles()).containsExactlyInAnyOrder("admin", "reader");
    assertThat(principal.permissions()).containsExactlyInAnyOrder("read", "write");
    assertThat(principal.tokenId()).isNotBlank();
    assertThat(principal.expiresAt())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(110)),
            Instant.now().plus(Duration.ofMinutes(130)));
    assertThat(out.toString()).hasLineCount(1);
    assertThat(err.toString()).hasLineCount(1).contains("made " + secret);
    assertNothingSecret(Files.readString(secret).strip());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HS384", "RS384", "RS512", "PS256", "PS384"})
  void whatIsIssuedHoldsWhenItIsInspected(SigningAlgorithm algorithm) throws Exception {
    Path file = directory.resolve("key");
    String kind = algorithm.isSecret() ? "--secret-file" : "--key";
    String token = issue(kind, file, algorithm);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Path checked = algorithm.isSecret() ? file : directory.resolve("key.pub");
    clear();
    assertThat(run("inspect", token, kind, checked.toString())).isZero();
    assertThat(out.toString().lines())
        .contains("signature   holds")
        .anyMatch(line -> line.startsWith("header      {\"alg\":\"" + algorithm + "\""))
        .anyMatch(line -> line.startsWith("claims      {\"sub\":\"ada\""))
        .anyMatch(line -> line.matches("issued      \\S+Z \\([0-9]+ s ago\\)"))
        .anyMatch(line -> line.matches("expires     \\S+Z \\(in 59 min [0-9]+ s\\)"));
    assertNothingSecret(Files.readString(file).strip());
    clear();
    String changed =
        token.substring(0, token.lastIndexOf('.') - 1)
            + "x"
            + token.substring(token.lastIndexOf('.'));
    assertThat(run("inspect", changed, kind, checked.toString())).isEqualTo(1);
  }

  @Test
  void aTokenOfAnotherKeyDoesNotHold() throws Exception {
    String token = issue("--key", directory.resolve("a"), SigningAlgorithm.ES256);
    issue("--key", directory.resolve("b"), SigningAlgorithm.ES256);
    issue("--key", directory.resolve("c"), SigningAlgorithm.ES384);
    Path secret = directory.resolve("s");
    issue("--secret-file", secret, SigningAlgorithm.HS256);
    Map<String, String> sentences =
        Map.of(
            "--key=" + directory.resolve("b.pub"), "it was signed with another key",
            "--key=" + directory.resolve("c.pub"), "no key fits its algorithm",
            "--secret-file=" + secret, "ES256 needs another kind of key");
    sentences.forEach((option, why) -> {
      clear();
      assertThat(run("inspect", token, option)).isEqualTo(1);
      assertThat(out.toString()).contains("signature   does not hold: " + why);
      clear();
      assertThat(run("inspect", token, option, "--json")).isEqualTo(1);
      assertThat(json().string("signature")).isEqualTo("wrong");
      assertThat(json().string("why")).startsWith(why);
    });
  }

  @Test
  void aTokenIsInspectedWithoutAKeyAndFromStandardInput() throws Exception {
    String token = issue("--secret-file", directory.resolve("s"), SigningAlgorithm.HS256);
    clear();
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((token + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(run("inspect", "-", "--json")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(json().string("signature")).isEqualTo("not checked");
    assertThat(json().string("time")).isEqualTo("valid");
    assertThat(out.toString()).hasLineCount(1);
  }

  @Test
  void keysAreFetchedOrReadFromAFile() throws Exception {
    String token = issue("--key", directory.resolve("k"), SigningAlgorithm.ES256);
    byte[] set =
        ("{\"keys\":[" + jwk(directory.resolve("k.pub")) + "]}").getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(directory.resolve("keys.json"), set);
    clear();
    assertThat(run("inspect", token, "--jwks", file.toString())).isZero();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, set.length);
          exchange.getResponseBody().write(set);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      assertThat(run("inspect", token, "--jwks", url + "/keys")).isZero();
      assertThat(out.toString()).containsPattern("(?s)holds.*holds");
      clear();
      assertThat(run("inspect", token, "--jwks", url + "/none")).isEqualTo(69);
      assertThat(out.toString()).contains("signature   unknown: no keys can be had from " + url);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"exp":1}                 | expires     1970-01-01T00:00:01Z (
          {"nbf":4102444800}        | not before  2100-01-01T00:00:00Z (in
          """)
  void aTokenThatIsNotValidNowEndsWithOne(String claims, String line) {
    assertThat(run("inspect", text("{\"alg\":\"HS256\"}", claims))).isEqualTo(1);
    assertThat(out.toString()).contains(line).contains("signature   not checked");
  }

  @Test
  void anUnsignedTokenIsShownAndDoesNotHold() {
    String token = text("{\"alg\":\"none\"}", "{\"sub\":\"root\"}");
    assertThat(run("inspect", token.substring(0, token.lastIndexOf('.') + 1))).isZero();
    assertThat(out.toString()).contains("claims      {\"sub\":\"root\"}", "not checked");
  }

  @Test
  void nothingInATokenReachesTheTerminal() {
    assertThat(run("inspect", text("{\"alg\":\"HS256\"}", "{\"sub\":\n\"\u009b31m\u202e\u007f\"}")))
        .isZero();
    assertThat(out.toString()).contains("{\"sub\": \"\\u009b31m\\u202e\\u007f\"}");
  }

  @Test
  void anApiKeyIsPrintedOnceWithItsLinesForTheServer() throws Exception {
    assertThat(
            run(
                "api-key",
                "--user",
                "ada \"x\"",
                "--role",
                "r",
                "--permission",
                "p",
                "--tenant",
                "t",
                "--for",
                "24h"))
        .isZero();
    String key = out.toString().lines().findFirst().orElseThrow();
    String rest = out.toString().substring(key.length());
    assertThat(rest).doesNotContain(key.substring(key.indexOf('_', 4) + 1));
    ApiKeyOptions read =
        ConfigLoader.parse("printed", rest, Map.of(), Map.of()).config().auth().apiKeys().get(0);
    Principal principal = accepted(ApiKeys.of(List.of(read.key())), key);
    assertThat(principal.user()).isEqualTo("ada \"x\"");
    assertThat(principal.tenant()).isEqualTo("t");
    assertThat(principal.roles()).containsExactly("r");
    assertThat(principal.permissions()).containsExactly("p");
    assertThat(Duration.between(principal.issuedAt(), principal.expiresAt()))
        .isEqualTo(Duration.ofHours(24));
    clear();
    assertThat(run("api-key", "--user", "ada", "--json")).isZero();
    JsonMembers entry = json().object("entry");
    assertThat(entry).isNotNull();
    assertThat(entry.names()).containsExactly("hash", "user", "issuedAt");
    accepted(ApiKeys.of(List.of(ApiKey.of(entry.string("hash"), "ada"))), json().string("key"));
  }

  @Test
  void aFileIsNeverWrittenOver() throws Exception {
    Path file = Files.writeString(directory.resolve("kept"), "mine");
    assertThat(run("issue", "--generate", "--secret-file", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("kept exists");
    Path beside = Files.writeString(directory.resolve("new.pub"), "mine");
    assertThat(run("issue", "--generate", "--key", directory.resolve("new").toString()))
        .isEqualTo(2);
    assertThat(Files.readString(file) + Files.readString(beside)).isEqualTo("minemine");
    assertThat(directory.resolve("new")).doesNotExist();
  }

  @Test
  void aSecretThatOthersCanReadIsTold() throws Exception {
    Path file = Files.writeString(directory.resolve("open"), "x".repeat(64));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("issue", "--secret-file", file.toString(), "--user", "ada")).isZero();
    assertThat(err.toString()).contains("warning: ", "can be read by others").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | Missing required subcommand | -
          2 | exactly one of them | issue --user ada
          2 | exactly one of them | issue --user ada --key a --secret-file b
          2 | --user | issue --secret-file DIR/short
          2 | --user | api-key
          2 | does not exist | issue --user ada --secret-file DIR/none
          2 | secret: 5 bytes | issue --user ada --secret-file DIR/short
          2 | no PRIVATE KEY | issue --user ada --key DIR/short
          2 | --alg: RS256 | issue --user ada --secret-file DIR/short --alg RS256
          2 | --alg: HS256 | issue --user ada --key DIR/short --alg HS256
          2 | --alg | issue --user ada --key DIR/short --alg none
          2 | --for: PT0S | issue --user ada --secret-file DIR/short --for 0s
          2 | --for | api-key --user ada --for 999999h
          2 | permissions: | issue --user ada --secret-file DIR/short --permission=a\\ b
          2 | at most one | inspect a.b.c --key a --jwks b
          1 | no token: not three parts | inspect opaque
          1 | no token: | inspect a.b.c
          1 | no token: exp | inspect TOKEN
          2 | does not exist | inspect GOOD --key DIR/none
          2 | pem: no key | inspect GOOD --key DIR/short
          2 | jwks: no JSON | inspect GOOD --jwks DIR/short
          2 | url: http://keys.test/ | inspect GOOD --jwks http://keys.test/
          """)
  void whatGoesWrongIsOneSentence(int status, String part, String words) throws Exception {
    Files.writeString(directory.resolve("short"), "short");
    String[] args = words.equals("-") ? new String[0] : words.split("(?<!\\\\) ", -1);
    for (int i = 0; i < args.length; i++) {
      args[i] =
          args[i]
              .replace("DIR", directory.toString())
              .replace("\\", "")
              .replace("TOKEN", text("{\"alg\":\"HS256\"}", "{\"exp\":\"1\"}"))
              .replace("GOOD", text("{\"alg\":\"ES256\"}", "{}"));
    }
    assertThat(run(args)).isEqualTo(status);
    assertThat(out.toString()).isEmpty();
    String sentence =
        err.toString()
            .lines()
            .filter(line -> !line.startsWith("warning: "))
            .reduce("", String::concat);
    assertThat(sentence).contains(part).startsWith("everwire token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "issue", "inspect", "api-key"})
  void helpHasTheExitStatuses(String command) {
    assertThat(command.isEmpty() ? run("--help") : run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: everwire token", "Exit status:");
  }

  private String issue(String kind, Path file, SigningAlgorithm algorithm) {
    clear();
    assertThat(
            run(
                "issue",
                "--generate",
                kind,
                file.toString(),
                "--alg",
                algorithm.name(),
                "--user",
                "ada"))
        .isZero();
    return out.toString().strip();
  }

  /** With a signature that is none. */
  private static String text(String header, String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".AAAA";
  }

  /** A public key in PEM, of P-256, as a JWK: its last 64 bytes are x and y. */
  private static String jwk(Path pem) throws Exception {
    byte[] der =
        Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[A-Z ]+-----", ""));
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    byte[] x = Arrays.copyOfRange(der, der.length - 64, der.length - 32);
    byte[] y = Arrays.copyOfRange(der, der.length - 32, der.length);
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
        + base64.encodeToString(x)
        + "\",\"y\":\""
        + base64.encodeToString(y)
        + "\"}";
  }

  private static Principal accepted(Authenticator server, String token) {
    Verdict verdict =
        server
            .authenticate(
                new Credentials(
                    Credentials.Occasion.HELLO, "/ws", "127.0.0.1:1", token, Map.of(), List.of()))
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join();
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) verdict).principal();
  }

  private JsonMembers json() {
    return RawJson.parse(out.toString()).members();
  }

  private void assertNothingSecret(String secret) {
    for (String line : secret.lines().filter(line -> !line.startsWith("-----")).toList()) {
      assertThat(out.toString() + err).doesNotContain(line);
    }
  }

  private void clear() {
    out = new StringWriter();
    err = new StringWriter();
  }

  private int run(String... words) {
    String[] args = new String[words.length + 1];
    args[0] = "token";
    System.arraycopy(words, 0, args, 1, words.length);
    return Root.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
