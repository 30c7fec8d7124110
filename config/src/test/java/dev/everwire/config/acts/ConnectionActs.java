package dev.everwire.config.acts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** limits.connections and limits.inbound. */
final class ConnectionActs {
  private static final String CONNECTIONS = "limits.connections.";
  private static final Duration HALF = Duration.ofMillis(500);

  private ConnectionActs() {}

  static List<Proof> all() {
    List<Proof> all = new ArrayList<>();
    for (String bound : List.of("perNode", "perAddress", "perUser", "perTenant")) {
      all.add(known(Proof.of(CONNECTIONS + bound, 1, 3)).seen(world -> open(world, 3)));
    }
    for (String whose : List.of("PerNode", "PerAddress")) {
      String rate = CONNECTIONS + "rate" + whose;
      String burst = CONNECTIONS + "burst" + whose;
      all.add(
          known(Proof.of(rate, "1", "100"))
              .with(burst, 1)
              .seen(world -> {
                int first = open(world, 1);
                world.network.advance(HALF);
                return first + open(world, 1);
              }));
      all.add(known(Proof.of(burst, 1, 3)).with(rate, "1").seen(world -> open(world, 3)));
    }
    all.add(
        Proof.of(CONNECTIONS + "replaceWithin", "1s", "30s")
            .with(CONNECTIONS + "perNode", 1)
            .seen(world -> {
              Peer first = world.dial();
              Peer second = world.dial("everwire-resume", "1");
              int seconds = world.stepsUntilClosed(second, Duration.ofSeconds(1), 60);
              return List.of(first.open(), seconds);
            }));
    for (String whose : List.of("connection", "user", "address", "node")) {
      inbound("limits.inbound." + whose + ".", all);
    }
    all.add(
        Proof.of("limits.inbound.closeAfter", 2, 1_000)
            .with("limits.inbound.connection.messagesPerSecond", "1")
            .with("limits.inbound.connection.messagesBurst", 1)
            .seen(world -> {
              Peer peer = world.dial();
              peer.served(10);
              return peer.open();
            }));
    return all;
  }

  /** A call has 53 bytes. */
  private static void inbound(String path, List<Proof> all) {
    String messages = path + "messagesPerSecond";
    String messagesBurst = path + "messagesBurst";
    String bytes = path + "bytesPerSecond";
    String bytesBurst = path + "bytesBurst";
    all.add(
        known(Proof.of(messages, "1", "100"))
            .with(messagesBurst, 1)
            .seen(ConnectionActs::servedAfterHalfASecond));
    all.add(
        known(Proof.of(messagesBurst, 1, 4))
            .with(messages, "1")
            .seen(world -> world.user("ann").served(4)));
    all.add(
        known(Proof.of(bytes, "1", "1000"))
            .with(bytesBurst, "64")
            .seen(ConnectionActs::servedAfterHalfASecond));
    all.add(
        known(Proof.of(bytesBurst, "64", "1KiB"))
            .with(bytes, "1")
            .seen(world -> world.user("ann").served(4)));
  }

  private static Object servedAfterHalfASecond(World world) {
    Peer peer = world.user("ann");
    int first = peer.served(1);
    world.network.advance(HALF);
    return first + peer.served(1);
  }

  /** Users have tokens. */
  static Proof known(Proof proof) {
    return proof
        .with("auth.jwt.keys", World.KEYS)
        .with("auth.jwt.issuers", "test")
        .with("auth.jwt.audiences", "*");
  }

  /** How many of so many connections of a user and a tenant are open. */
  private static int open(World world, int dials) {
    int open = 0;
    for (int i = 0; i < dials; i++) {
      String token = World.token(world.claims("ann").tenant("acme"));
      open += world.bearing(token).open() ? 1 : 0;
    }
    return open;
  }
}
