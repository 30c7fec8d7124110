package dev.everwire.config.acts;

import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.auth.TokenClaims;
import dev.everwire.auth.TokenIssuer;
import dev.everwire.config.Config;
import dev.everwire.config.TokensAt;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** auth.jwt. */
final class JwtActs {
  private static final TokenIssuer.Material KEY = TokenIssuer.generate(SigningAlgorithm.ES256);
  private static final TokenIssuer.Material OTHER = TokenIssuer.generate(SigningAlgorithm.ES256);
  private static final String HS = "secret: '" + World.SECRET + "', algorithms: [hs256]";

  private JwtActs() {}

  static List<Proof> all() {
    return List.of(
        tokens(
                "auth.jwt.keys",
                World.KEYS,
                "[{secret: '" + "x".repeat(64) + "', algorithms: [hs256]}]")
            .seen(JwtActs::ann),
        key("secret", World.SECRET, "x".repeat(64), "secret: '%s', algorithms: [hs256]")
            .seen(JwtActs::ann),
        key("pem", pem(KEY), pem(OTHER), "pem: '%s', algorithms: [es256]").seen(JwtActs::signed),
        key("jwksFile", set(KEY), set(OTHER), "jwksFile: '%s', algorithms: [es256]")
            .seen(JwtActs::signed),
        key("jwksUrl", "", "", "").looked(new Sources()),
        key("algorithms", "hs256", "hs512", "secret: '" + World.SECRET + "', algorithms: [%s]")
            .seen(JwtActs::ann),
        key("keyId", "k1", "k2", HS + ", keyId: %s")
            .seen(world ->
                world
                    .bearing(issuer().withKeyId("k1").issue(world.claims("ann").build()))
                    .status()),
        key("issuer", "test", "other", HS + ", issuer: %s")
            .with("auth.jwt.issuers", "[test, other]")
            .seen(JwtActs::ann),
        key("timeout", "100ms", "30s", "").looked(JwtActs::givenUp),
        key("cacheFor", "1m", "1h", "").looked(config -> fetched(config, 300, true)),
        key("unknownKeyRefreshEvery", "1s", "10m", "").looked(config -> fetched(config, 30, false)),
        key("tolerance", "0s", "7d", "").looked(JwtActs::afterAnHourDown),
        tokens("auth.jwt.issuers", "test", "other").seen(JwtActs::ann),
        tokens("auth.jwt.audiences", "here", "there")
            .seen(world -> status(world, world.claims("ann").audiences(List.of("here")))),
        tokens("auth.jwt.clockSkew", "0s", "5m")
            .seen(world ->
                status(world, world.claims("ann").notBefore(Instant.now().plusSeconds(120)))),
        tokens("auth.jwt.expiryRequired", true, false)
            .seen(world -> status(world, TokenClaims.of("ann").issuer("test"))),
        tokens("auth.jwt.type", "none", "at+jwt").seen(JwtActs::ann),
        tokens("auth.jwt.userClaim", "sub", "tenant").seen(JwtActs::who),
        tokens("auth.jwt.tenantClaim", "tenant", "iss")
            .with("limits.connections.perTenant", 1)
            .seen(world ->
                List.of(
                    status(world, world.claims("ann").tenant("one")),
                    status(world, world.claims("ann").tenant("two")))),
        tokens("auth.jwt.rolesClaim", "roles", "aud").seen(JwtActs::who),
        tokens("auth.jwt.permissionsClaim", "scope", "roles")
            .with("access.rules", "[{permissions: [write]}]")
            .seen(JwtActs::who),
        tokens("auth.jwt.longestToken", 256, 16_384)
            .seen(world -> status(world, world.claims("a".repeat(200)))));
  }

  private static Proof tokens(String option, Object one, Object other) {
    return ConnectionActs.known(Proof.of(option, one, other));
  }

  private static Proof key(String option, Object one, Object other, String element) {
    return tokens("auth.jwt.keys[]." + option, one, other)
        .in("auth.jwt.keys", element.isEmpty() ? fetched(option) : "[{" + element + "}]");
  }

  private static String fetched(String option) {
    return at(1, option.equals("jwksUrl") ? "" : option + ": %s");
  }

  /** Keys that are fetched from this machine. */
  static String at(int port, String more) {
    return "[{jwksUrl: 'http://127.0.0.1:"
        + port
        + "/', algorithms: [es256]"
        + (more.isEmpty() ? "" : ", ")
        + more
        + "}]";
  }

  // ---- who shows a token

  private static TokenIssuer issuer() {
    return TokenIssuer.secret(World.SECRET, SigningAlgorithm.HS256);
  }

  private static Object ann(World world) {
    return world.user("ann").status();
  }

  private static int status(World world, TokenClaims.Builder claims) {
    return world.bearing(World.token(claims)).status();
  }

  private static Object signed(World world) {
    return world.bearing(token()).status();
  }

  private static Object who(World world) {
    return world
        .bearing(
            World.token(
                world
                    .claims("ann")
                    .tenant("acme")
                    .audiences(List.of("here"))
                    .roles(List.of("admin"))
                    .permissions(List.of("write"))))
        .ask("who");
  }

  /** Signed by the key k1. */
  static String token() {
    return token("k1");
  }

  private static String token(String keyId) {
    return TokenIssuer.pem(KEY.secretOrPrivateKey(), SigningAlgorithm.ES256)
        .withKeyId(keyId)
        .issue(
            TokenClaims.of("ann")
                .issuer("test")
                .expiresAt(Instant.now().plus(Duration.ofDays(7_300)))
                .build());
  }

  // ---- keys that are fetched

  /** A good token, with the keys at one address and at another. */
  private static final class Sources implements Proof.Look {
    private int times;

    @Override
    public Object at(Config config) throws Exception {
      try (KeyServer one = new KeyServer(jwks(KEY));
          KeyServer other = new KeyServer(jwks(OTHER));
          World world =
              new World(
                  config.with(
                      "auth.jwt.keys", JwtActs.at(times++ == 1 ? other.port() : one.port(), "")))) {
        return world.bearing(token()).status();
      }
    }
  }

  private static Config from(Config config, int port) {
    return config.with(
        "auth.jwt.keys", config.text("auth.jwt.keys").replace(":1/", ":" + port + "/"));
  }

  /** Whether somebody is refused in time because nobody answers. */
  private static Object givenUp(Config config) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        World world = new World(from(config, silent.getLocalPort()))) {
      Peer peer = world.dial("authorization", "Bearer " + token());
      long end = System.nanoTime() + 1_500_000_000L;
      while (!peer.settled() && System.nanoTime() < end) {
        world.network.runUntilIdle();
        Thread.onSpinWait();
      }
      return peer.status();
    }
  }

  /** How often keys were fetched for tokens every few minutes, of a known key and an unknown. */
  private static Object fetched(Config config, int everySeconds, boolean known) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (KeyServer source = new KeyServer(jwks(KEY));
        JwtAuthenticator authenticator = open(config, source, now)) {
      for (int i = 0; i < 4; i++) {
        verdict(authenticator, token(known ? "k1" : "k2"));
        now.updateAndGet(time -> time.plusSeconds(everySeconds));
      }
      verdict(authenticator, token());
      return source.asked();
    }
  }

  private static Object afterAnHourDown(Config config) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    try (KeyServer source = new KeyServer(jwks(KEY));
        JwtAuthenticator authenticator = open(config, source, now)) {
      verdict(authenticator, token());
      source.goDown();
      now.updateAndGet(time -> time.plusSeconds(3_600));
      verdict(authenticator, token());
      return verdict(authenticator, token()) instanceof Verdict.Accepted;
    }
  }

  /** What the configuration makes of it, in the test's time. */
  private static JwtAuthenticator open(
      Config config, KeyServer source, AtomicReference<Instant> now) throws Exception {
    InstantSource time = now::get;
    return TokensAt.open(from(config, source.port()), time);
  }

  private static Verdict verdict(JwtAuthenticator authenticator, String token) throws Exception {
    return authenticator
        .authenticate(TokensAt.shown(token))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  // ---- keys as they are written

  private static Path pem(TokenIssuer.Material key) {
    return Pki.write(name(key) + ".pub", String.valueOf(key.publicKey()));
  }

  private static Path set(TokenIssuer.Material key) {
    return Pki.write(name(key) + ".jwks", jwks(key));
  }

  private static String name(TokenIssuer.Material key) {
    return key.equals(KEY) ? "token" : "other-token";
  }

  private static String jwks(TokenIssuer.Material key) {
    try {
      String base64 = String.valueOf(key.publicKey()).replaceAll("-----[A-Z ]+-----|\\s", "");
      ECPublicKey point =
          (ECPublicKey)
              KeyFactory.getInstance("EC")
                  .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
      return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\""
          + coordinate(point.getW().getAffineX())
          + "\",\"y\":\""
          + coordinate(point.getW().getAffineY())
          + "\"}]}";
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] exact = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, exact, 32 - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(exact, 32));
  }
}
