package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Tokens and keys, good and bad, while every logger tells all. */
final class SecretsInAuthLogsTest {
  private static final String SECRET = "a-secret-that-signs-tokens-for-everybody";

  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void noTokenKeyOrSecretIsToldByAnything() throws Exception {
    TokenIssuer.Material pair = TokenIssuer.generate(SigningAlgorithm.ES256);
    String publicKey = String.valueOf(pair.publicKey());
    ApiKeys.Generated key = ApiKeys.generate("robot");
    List<String> secrets = new ArrayList<>(List.of(SECRET, key.key()));
    secrets.add(Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8)));
    pair.secretOrPrivateKey().lines().filter(line -> !line.startsWith("-")).forEach(secrets::add);

    JwtKeys shared = JwtKeys.secret(SECRET, Set.of(SigningAlgorithm.HS256));
    JwtKeys pem = JwtKeys.pem(publicKey, Set.of(SigningAlgorithm.ES256));
    TokenIssuer byAll = TokenIssuer.secret(SECRET, SigningAlgorithm.HS256);
    TokenIssuer byPair = TokenIssuer.pem(pair.secretOrPrivateKey(), SigningAlgorithm.ES256);
    JwtSettings settings =
        JwtSettings.builder().keys(shared, pem).anyIssuer().audiences("us").build();
    ApiKeys keys = ApiKeys.of(List.of(key.entry()));

    List<Verdict> verdicts = new ArrayList<>();
    try (JwtAuthenticator tokens = JwtAuthenticator.open(settings);
        Everything log = new Everything()) {
      Authenticator all = Authenticator.firstOf(List.of(tokens, keys));
      for (String token : tokens(byAll, byPair)) {
        secrets.add(token);
        secrets.add(token.substring(token.lastIndexOf('.') + 1)); // what must not be shown at all
        verdicts.add(ask(all, token));
      }
      String wrong = key.key().substring(0, key.key().length() - 4) + "abcd";
      secrets.add(wrong);
      verdicts.add(ask(all, key.key()));
      verdicts.add(ask(all, wrong));
      for (Object shown : List.of(settings, shared, pem, byAll, byPair, pair, key, keys, tokens)) {
        told.add(shown.toString());
      }
      log.flush();
    }
    assertThat(verdicts).anyMatch(verdict -> verdict instanceof Verdict.Accepted);
    assertThat(verdicts).anyMatch(verdict -> verdict instanceof Verdict.Refused);
    verdicts.forEach(verdict -> told.add(verdict.toString()));

    assertThat(told).anyMatch(line -> line.contains("token refused why="));
    secrets.removeIf(secret -> secret.length() < 8);
    for (String secret : secrets) {
      assertThat(told).as(secret).noneMatch(line -> line.contains(secret));
    }
  }

  private static List<String> tokens(TokenIssuer byAll, TokenIssuer byPair) {
    Instant now = Instant.now();
    TokenClaims good =
        TokenClaims.of("alice").audiences(List.of("us")).expiresAt(now.plusSeconds(600)).build();
    TokenClaims over =
        TokenClaims.of("alice").audiences(List.of("us")).expiresAt(now.minusSeconds(600)).build();
    TokenClaims others =
        TokenClaims.of("alice").audiences(List.of("them")).expiresAt(now.plusSeconds(600)).build();
    String whole = byPair.issue(good);
    return List.of(
        byAll.issue(good),
        whole,
        byAll.issue(over),
        byPair.issue(others),
        whole.substring(0, whole.length() - 8) + "AAAAAAAA",
        whole.replaceFirst("e", "!"),
        "eyJhbGciOiJub25lIn0." + whole.split("\\.", -1)[1] + ".",
        "no-token-at-all-but-secret-nevertheless.x.y");
  }

  private static Verdict ask(Authenticator authenticator, String token) throws Exception {
    return authenticator
        .authenticate(
            new Credentials(
                Credentials.Occasion.HANDSHAKE, "/ws", "peer:1", token, Map.of(), List.of()))
        .toCompletableFuture()
        .get();
  }

  private final class Everything extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("dev.everwire");
    private final List<Handler> others = List.of(root.getHandlers());

    Everything() {
      setLevel(Level.ALL);
      others.forEach(root::removeHandler);
      root.addHandler(this);
      ours.setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      StringWriter text = new StringWriter();
      text.append(record.getMessage());
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(new PrintWriter(text));
      }
      told.add(text.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      root.removeHandler(this);
      others.forEach(root::addHandler);
      ours.setLevel(null);
    }
  }
}
