package dev.everwire.config.acts;

import dev.everwire.auth.ApiKeys;
import dev.everwire.spi.auth.Revocation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** auth, without signed tokens. */
final class AuthActs {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ApiKeys.Generated KEY = ApiKeys.generate("u");
  private static final ApiKeys.Generated OTHER = ApiKeys.generate("u");
  private static final String HASH = "hash: '" + KEY.entry().hash() + "'";

  private AuthActs() {}

  static List<Proof> all() {
    List<Proof> all = new ArrayList<>(terms());
    all.addAll(keys());
    all.addAll(certificates());
    return all;
  }

  private static List<Proof> terms() {
    return List.of(
        known("auth.anonymous", true, false).seen(world -> world.dial().ask("add")),
        known("auth.within", "5s", "1m")
            .with("auth.anonymous", false)
            .with("auth.answerWithin", "1s")
            .seen(world -> world.stepsUntilClosed(world.dial(), SECOND, 100)),
        known("auth.warnAhead", "10s", "5m")
            .with("heartbeat.mode", "frame")
            .seen(world -> {
              Peer peer = ending(world, 600);
              world.advance(400);
              return peer.heard("authExpiring");
            }),
        known("auth.grace", "0s", "5m")
            .with("heartbeat.mode", "frame")
            .seen(world -> world.stepsUntilClosed(ending(world, 60), SECOND, 1_000)),
        Proof.of("auth.answerWithin", "1s", "8s")
            .with("auth.jwt.issuers", "test")
            .with("auth.jwt.audiences", "*")
            .looked(config -> {
              try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
                  World world =
                      new World(
                          config.with("auth.jwt.keys", JwtActs.at(silent.getLocalPort(), "")))) {
                Peer peer = world.dial("authorization", "Bearer " + JwtActs.token());
                world.advance(3);
                return peer.status();
              }
            }),
        known("auth.queryParameter", "none", "token")
            .with("auth.anonymous", false)
            .seen(
                world -> world.dialAt("/ws?token=" + World.token(world.claims("ann"))).ask("add")));
  }

  /** A session whose token ends after so many seconds. */
  private static Peer ending(World world, int seconds) {
    Instant end = world.in(Duration.ofSeconds(seconds));
    Peer peer = world.bearing(World.token(world.claims("ann").expiresAt(end)));
    peer.hello("");
    return peer;
  }

  // ---- keys

  private static List<Proof> keys() {
    return List.of(
        Proof.of("auth.apiKeys", "[]", "[{" + HASH + ", user: u}]").seen(AuthActs::who),
        key("hash", KEY.entry().hash(), OTHER.entry().hash(), "hash: '%s', user: u"),
        key("user", "u", "v", HASH + ", user: %s"),
        key("tenant", "acme", "other", HASH + ", user: u, tenant: %s"),
        key("roles", "a", "b", HASH + ", user: u, roles: [%s]"),
        key("permissions", "write", "read", HASH + ", user: u, permissions: [%s]"),
        key(
                "issuedAt",
                "2024-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z",
                HASH + ", user: u, issuedAt: '%s'")
            .seen(world -> {
              Instant before = Instant.parse("2025-01-01T00:00:00Z");
              world.server.access().revoke(new Revocation.User("u", before));
              return world.bearing(KEY.key()).status();
            }),
        key(
            "expiresAt",
            "2020-01-01T00:00:00Z",
            "2200-01-01T00:00:00Z",
            HASH + ", user: u, expiresAt: '%s'"));
  }

  private static Proof key(String option, String one, String other, String element) {
    return known("auth.apiKeys[]." + option, one, other)
        .in("auth.apiKeys", "[{" + element + "}]")
        .with("limits.connections.perTenant", 1)
        .with("access.rules", "[{permissions: [write], actions: [publish]}, " + CALLS + "]")
        .seen(AuthActs::who);
  }

  private static final String CALLS = "{anyone: true, actions: [call]}";

  /** What somebody with a key may do, and as whom. */
  private static Object who(World world) {
    return seen(world, world.bearing(KEY.key()));
  }

  /**
   * As whom somebody is in, what that one may do, and whether another of its tenant may come in.
   */
  private static Object seen(World world, Peer peer) {
    if (!peer.open()) {
      return peer.status();
    }
    return List.of(
        peer.ask("who"),
        peer.may("rpc.publish", "{\"topic\":\"a\",\"data\":1}"),
        world.bearing(World.token(world.claims("ann").tenant("acme"))).status());
  }

  // ---- certificates

  private static List<Proof> certificates() {
    return List.of(
        certificate("enabled", "true", "false"),
        certificate("user", "common-name", "organization"),
        certificate("tenant", "none", "organization"),
        certificate("rolesOfAll", "[a]", "[b]"),
        certificate("permissionsOfAll", "[write]", "[read]"),
        certificate("roles", "[]", "[{user: ann, roles: [x]}]"),
        certificate("roles[].user", "ann", "bob")
            .in("auth.certificates.roles", "[{user: %s, roles: [x]}]"),
        certificate("roles[].roles", "x", "y")
            .in("auth.certificates.roles", "[{user: ann, roles: [%s]}]"));
  }

  private static Proof certificate(String option, String one, String other) {
    return known("auth.certificates." + option, one, other)
        .with("auth.certificates.enabled", true)
        .with("tls.certificate", Pki.SERVER.chain())
        .with("tls.key", Pki.SERVER.key())
        .with("tls.clientCertificates", "optional")
        .with("tls.clientAuthorities", Pki.AUTHORITY)
        .with("limits.connections.perTenant", 1)
        .with("access.rules", "[{permissions: [write], actions: [publish]}, " + CALLS + "]")
        .seen(world -> {
          world.shown = List.of(Pki.ANN.bundle().getCertificate());
          Peer peer = world.dial();
          world.shown = List.of();
          return seen(world, peer);
        });
  }

  private static Proof known(String option, Object one, Object other) {
    return ConnectionActs.known(Proof.of(option, one, other));
  }
}
