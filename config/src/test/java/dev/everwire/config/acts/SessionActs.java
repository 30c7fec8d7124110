package dev.everwire.config.acts;

import dev.everwire.config.Config;
import java.time.Duration;
import java.util.List;

/** session, heartbeat and lifetime. */
final class SessionActs {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String KEY = "12345678901234567890123456789012";
  private static final String RING = "[{id: k1, secret: '" + KEY + "'}]";

  private SessionActs() {}

  static List<Proof> all() {
    return List.of(
        Proof.of("session.resume", true, false).seen(world -> resumed(world, 1, "resumed")),
        Proof.of("session.resumeWithin", "10s", "1m").seen(world -> resumed(world, 11, "resumed")),
        Proof.of("session.resumeTokenLife", "20s", "1m")
            .with("session.resumeWithin", "10s")
            .seen(world -> resumed(world, 21, "reason")),
        Proof.of("session.resumeKeys", "[]", RING).seen(SessionActs::foreign),
        Proof.of("session.resumeKeys[].id", "k1", "k2")
            .in("session.resumeKeys", "[{id: %s, secret: '" + KEY + "'}]")
            .seen(SessionActs::foreign),
        Proof.of("session.resumeKeys[].secret", KEY, KEY + "x")
            .in("session.resumeKeys", "[{id: k1, secret: '%s'}]")
            .seen(SessionActs::foreign),
        Proof.of("session.resumeTokensRemembered", 1, 100)
            .seen(world -> resumed(world, 0, "resumed") + resumed(world, 0, "resumed")),
        Proof.of("session.duplicateClient", "replace-old", "allow").seen(SessionActs::twice),
        heartbeat("interval", "5s", "20s").seen(SessionActs::silent),
        heartbeat("timeout", "2s", "8s").seen(SessionActs::silent),
        heartbeat("misses", 1, 3).seen(SessionActs::silent),
        Proof.of("heartbeat.mode", "frame", "app")
            .seen(world -> {
              Peer peer = world.dial();
              world.advance(60);
              return peer.heard("$/ping") > 0;
            }),
        heartbeat("anyTraffic", true, false)
            .seen(world -> {
              Peer peer = world.dial();
              for (int i = 0; i < 60 && peer.open(); i++) {
                peer.ask("inline");
                world.advance(2);
              }
              return peer.open();
            }),
        Proof.of("lifetime.idle", "30s", "90s")
            .seen(world -> world.stepsUntilClosed(world.dial(), SECOND, 200)),
        Proof.of("lifetime.maxAge", "1m", "3m")
            .with("lifetime.spread", 0)
            .seen(world -> world.stepsUntilClosed(world.dial(), SECOND, 1_000)),
        Proof.of("lifetime.spread", 0, 0.9)
            .with("lifetime.maxAge", "3m")
            .seen(world -> world.stepsUntilClosed(world.dial(), SECOND, 1_000)),
        Proof.of("lifetime.grace", "0s", "2m")
            .with("lifetime.maxAge", "3m")
            .with("lifetime.spread", 0)
            .with("heartbeat.mode", "frame")
            .seen(world -> {
              Peer peer = world.dial();
              peer.hello("");
              return world.stepsUntilClosed(peer, SECOND, 1_000);
            }));
  }

  /** Peers that do not know the ping are taken for dead. */
  private static Proof heartbeat(String option, Object one, Object other) {
    Proof proof = Proof.of("heartbeat." + option, one, other).with("heartbeat.mode", "app");
    return option.equals("timeout") ? proof.with("heartbeat.interval", "10s") : proof;
  }

  private static Object silent(World world) {
    return world.stepsUntilClosed(world.dial(), SECOND, 300);
  }

  /** A member of the answer to who comes back after so long. */
  private static String resumed(World world, long after, String member) {
    Peer former = world.dial();
    String welcome = former.hello("");
    former.abort();
    world.advance(after);
    return Peer.member(world.dial().hello(Peer.resuming(welcome)), member).split(":", -1)[0];
  }

  /** What is said to a token of another server whose keys are those. */
  private static Object foreign(World world) throws Exception {
    Config elsewhere = world.configured.config().with("session.resumeKeys", RING);
    try (World other = new World(elsewhere)) {
      String welcome = other.dial().hello("");
      return Peer.member(world.dial().hello(Peer.resuming(welcome)), "reason");
    }
  }

  private static Object twice(World world) {
    String client = ",\"client\":{\"name\":\"n\",\"version\":\"1\",\"id\":\"till-7\"}";
    Peer older = world.dial();
    older.hello(client);
    Peer newer = world.dial();
    newer.hello(client);
    world.advance(11);
    return List.of(older.open(), newer.open());
  }
}
