package dev.everwire.it.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.auth.JwtKeys;
import dev.everwire.auth.JwtSettings;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.server.Server;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Revocation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The whole matrix: every kind of principal tries everything, over real sockets with real tokens.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PrincipalsAndActionsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final Duration GRACE = Duration.ofMinutes(2);

  /**
   * Rows are what is tried, columns who tries. {@code ok}, the code of the fault, or the status
   * that refused the upgrade.
   */
  private static final String EXPECTED =
      """
      tries                          stranger alice  bob    staff  admin  late   over  revoked forged
      call open.echo                 -32001   ok     ok     ok     ok     ok     401   401     401
      call staff.close               -32001   -32003 -32003 ok     ok     -32003 401   401     401
      call unnamed                   -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      call nothing.there             -32001   -32601 -32601 -32601 -32601 -32601 401   401     401
      subscribe users/alice/in       -32001   ok     -32003 -32003 ok     ok     401   401     401
      subscribe users/bob/in         -32001   -32003 ok     -32003 ok     -32003 401   401     401
      history users/alice/in         -32001   ok     -32003 -32003 ok     ok     401   401     401
      subscribe news/today           -32001   ok     ok     ok     ok     ok     401   401     401
      subscribe news/secret          -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      history news/today             -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      publish news/today             -32001   -32003 -32003 ok     ok     -32003 401   401     401
      publish users/alice/in         -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      publish closed/a               -32001   -32003 -32003 -32003 -32003 -32003 401   401     401
      subscribe nowhere              -32001   -32004 -32004 -32004 -32004 -32004 401   401     401
      admin stats                    -32001   -32003 -32003 ok     ok     -32003 401   401     401
      admin connections              -32001   -32003 -32003 ok     ok     -32003 401   401     401
      admin kick                     -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      admin revoke                   -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      discover                       -32001   -32003 -32003 -32003 ok     -32003 401   401     401
      upgrade raw                    401      101    101    101    101    101    401   401     401
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, @Nullable String> tokens = new LinkedHashMap<>();
  private @Nullable Server server;

  private static AccessRule rule(
      boolean allow, Set<Action> actions, String resource, Set<String> roles, Set<String> users) {
    return new AccessRule(
        allow,
        actions,
        List.of(resource),
        roles,
        Set.of(),
        users,
        Set.of(),
        roles.isEmpty() && users.isEmpty(),
        Duration.ofMinutes(5));
  }

  private static AccessRules rules() {
    Set<String> anyUser = Set.of("*");
    Set<String> nobody = Set.of();
    Set<Action> all = EnumSet.allOf(Action.class);
    Set<Action> hear = EnumSet.of(Action.SUBSCRIBE);
    Set<Action> read = EnumSet.of(Action.SUBSCRIBE, Action.HISTORY);
    return new AccessRules(
        List.of(
            rule(true, EnumSet.of(Action.CALL, Action.ADMINISTER), "*", Set.of("admin"), nobody),
            rule(
                true,
                EnumSet.of(Action.SUBSCRIBE, Action.HISTORY, Action.PUBLISH),
                "**",
                Set.of("admin"),
                nobody),
            rule(false, hear, "news/secret", nobody, nobody),
            rule(true, EnumSet.of(Action.CALL), "open.*", nobody, anyUser),
            rule(true, EnumSet.of(Action.CALL), "staff.*", Set.of("staff"), nobody),
            rule(true, read, "users/{user}/**", nobody, anyUser),
            rule(true, hear, "news/*", nobody, anyUser),
            rule(true, EnumSet.of(Action.PUBLISH), "news/*", Set.of("staff"), nobody),
            rule(true, EnumSet.of(Action.ADMINISTER), "stats", Set.of("staff"), nobody),
            rule(true, EnumSet.of(Action.ADMINISTER), "connections", Set.of("staff"), nobody)));
  }

  @BeforeAll
  void serve() throws IOException, GeneralSecurityException {
    Authenticator jwt =
        JwtAuthenticator.open(
            JwtSettings.builder()
                .keys(JwtKeys.secret(SECRET, Set.of(SigningAlgorithm.HS256)))
                .issuers("tests")
                .audiences("everwire")
                .clockSkew(Duration.ofSeconds(90))
                .build());
    Server started =
        Everwire.server(0)
            .authentication(Authentication.by(jwt).withGrace(GRACE))
            .authoriser(rules())
            .method("open.echo", call -> "echo")
            .method("staff.close", call -> "closed")
            .method("unnamed", call -> "x")
            .topic(TopicRule.named("closed/**"))
            .topic(TopicRule.named("news/*").publishable())
            .topic(TopicRule.named("users/**").publishable())
            .raw("/raw", TransportLimits.SERVER, transport -> new Deaf())
            .start();
    server = started;
    tokens.put("stranger", null);
    tokens.put("alice", token("alice", "customer", 3_600));
    tokens.put("bob", token("bob", "customer", 3_600));
    tokens.put("staff", token("sue", "staff", 3_600));
    tokens.put("admin", token("ann", "admin", 3_600));
    tokens.put("late", token("alice", "customer", -30)); // within skew and grace
    tokens.put("over", token("alice", "customer", -3_600));
    tokens.put("revoked", token("rex", "admin", 3_600));
    String good = String.valueOf(tokens.get("admin"));
    tokens.put("forged", good.substring(0, good.length() - 3) + "AAA");
    started.access().revoke(new Revocation.User("rex", Instant.now().plusSeconds(1)));
  }

  @AfterAll
  void close() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void everybodyMayDoWhatTheRulesSayAndNothingElse() throws Exception {
    List<String> rows = EXPECTED.lines().toList();
    List<String> columns = List.of(rows.getFirst().split(" +"));
    StringBuilder got = new StringBuilder(rows.getFirst()).append('\n');
    assertThat(columns.subList(1, columns.size())).containsExactlyElementsOf(tokens.keySet());
    for (String row : rows.subList(1, rows.size())) {
      String what = row.substring(0, 31).strip();
      List<String> cells = new ArrayList<>();
      for (String token : tokens.values()) {
        cells.add(tried(what, token));
      }
      got.append(line(rows.getFirst(), what, cells));
    }

    assertThat(got.toString()).isEqualTo(EXPECTED);
  }

  private static String line(String header, String what, List<String> cells) {
    StringBuilder line = new StringBuilder(what);
    int at = 31;
    List<String> names = List.of(header.substring(31).split(" +"));
    for (int i = 0; i < cells.size(); i++) {
      at = header.indexOf(names.get(i), at);
      while (line.length() < at) {
        line.append(' ');
      }
      line.append(cells.get(i));
    }
    return line.append('\n').toString();
  }

  private String tried(String what, @Nullable String token) throws InterruptedException {
    String verb = what.substring(0, what.contains(" ") ? what.indexOf(' ') : what.length());
    String object = what.substring(what.indexOf(' ') + 1);
    int status = PlainPeer.knock(http, uri(verb.equals("upgrade") ? "/raw" : "/ws"), token);
    if (verb.equals("upgrade") || status != 101) {
      return Integer.toString(status);
    }
    try (PlainPeer peer = PlainPeer.connect(http, uri("/ws"), token)) {
      return switch (verb) {
        case "call" -> peer.call(object, "[]");
        case "subscribe" -> peer.call("rpc.subscribe", "{\"topic\":\"" + object + "\"}");
        case "history" -> peer.call("rpc.history", "{\"topic\":\"" + object + "\"}");
        case "publish" -> peer.call("rpc.publish", "{\"topic\":\"" + object + "\",\"data\":1}");
        case "discover" -> peer.call("rpc.discover", "{}");
        case "admin" -> peer.call("rpc.admin." + object, admin(object));
        default -> throw new AssertionError(verb);
      };
    }
  }

  private static String admin(String what) {
    return switch (what) {
      case "kick" -> "{\"session\":\"nobody\"}";
      case "revoke" -> "{\"token\":\"nobodys\"}";
      default -> "{}";
    };
  }

  private URI uri(String path) {
    if (server == null) {
      throw new IllegalStateException();
    }
    return URI.create("ws://127.0.0.1:" + server.port() + path);
  }

  /** Signed by hand, so that the reader is not checked against its own writer. */
  private static String token(String user, String role, long lives)
      throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String head = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    String body =
        encoded(
            "{\"iss\":\"tests\",\"aud\":\"everwire\",\"sub\":\""
                + user
                + "\",\"roles\":[\""
                + role
                + "\"],\"iat\":"
                + (now - 7_200)
                + ",\"exp\":"
                + (now + lives)
                + "}");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal((head + "." + body).getBytes(StandardCharsets.UTF_8));
    return head + "." + body + "." + base64(signature);
  }

  private static String encoded(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static final class Deaf implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
