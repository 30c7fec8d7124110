package dev.everwire.config.acts;

import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** drain: what those see who are there when the server goes away. */
final class DrainActs {
  private static final Duration TENTH = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private DrainActs() {}

  static List<Proof> all() {
    return List.of(
        drain("within", "5s", "20s")
            .with("limits.transport.closeTimeout", "60s")
            .seen(DrainActs::stuck),
        drain("reason", "deploy", "shutdown").seen(world -> told(world, "reason")),
        drain("url", "none", "ws://b.example/").seen(world -> told(world, "url")),
        drain("batch", 5, 20)
            .seen(world -> {
              List<Peer> peers = sessions(world, 20);
              var unused = world.server.drain();
              world.network.runUntilIdle();
              return peers.stream().filter(peer -> peer.heard("goaway") > 0).count();
            }),
        drain("spread", "1s", "8s").with("drain.batch", 1).seen(DrainActs::asked),
        drain("jitter", "0s", "3s").seen(world -> told(world, "inMs")),
        drain("patience", "1s", "6s")
            .with("drain.jitter", "0s")
            .seen(world -> {
              Peer peer = sessions(world, 1).getFirst();
              var unused = world.server.drain();
              return world.stepsUntilClosed(peer, TENTH, 400);
            }),
        drain("flushShare", "0.1", "0.7").seen(DrainActs::flushing),
        drain("flushWithin", "1s", "10s").seen(DrainActs::flushing),
        drain("closesAtOnce", 1, 100)
            .seen(world -> {
              List<Peer> peers = new ArrayList<>();
              for (int i = 0; i < 10; i++) {
                peers.add(world.dial());
                peers.getLast().reading(i >= 5);
              }
              var unused = world.server.drain();
              world.advance(1);
              return peers.stream().filter(Peer::open).count();
            }));
  }

  private static Proof drain(String option, Object one, Object other) {
    Proof proof = Proof.of("drain." + option, one, other);
    return option.equals("within") ? proof : proof.with("drain.within", "30s");
  }

  private static List<Peer> sessions(World world, int number) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Peer peer = world.dial();
      peer.hello("");
      peers.add(peer);
    }
    return peers;
  }

  /** A member of what a session is told. */
  private static Object told(World world, String member) {
    Peer peer = sessions(world, 1).getFirst();
    var unused = world.server.drain();
    world.network.runUntilIdle();
    RawJson params = RawJson.parse(peer.heard().getLast()).members().get("params");
    return Peer.member(String.valueOf(params), member);
  }

  /** After how many tenths of a second forty sessions were asked. */
  private static Object asked(World world) {
    List<Peer> peers = sessions(world, 40);
    var unused = world.server.drain();
    int tenths = 0;
    while (peers.stream().anyMatch(peer -> peer.heard("goaway") == 0) && tenths < 300) {
      world.network.advance(TENTH);
      tenths++;
    }
    return tenths;
  }

  /** After how many seconds somebody is given up who takes nothing, not even the end. */
  private static Object stuck(World world) {
    world.dial().reading(false);
    return secondsUntilDrained(world);
  }

  /** As {@link #stuck}, where something waits to be sent. */
  private static Object flushing(World world) {
    world.network.window(1_000);
    Peer peer = world.dial();
    peer.reading(false);
    peer.request("long", "[]"); // is under way
    peer.request("long", "[]"); // waits
    Peer calm = world.dial();
    var unused = world.server.drain();
    return world.stepsUntilClosed(calm, TENTH, 400);
  }

  private static Object secondsUntilDrained(World world) {
    var done = world.server.drain();
    int seconds = 0;
    while (!done.isDone() && seconds < 60) {
      world.network.advance(SECOND);
      seconds++;
    }
    return seconds;
  }
}
