package dev.everwire.config.acts;

import dev.everwire.config.Config;
import java.time.Duration;
import java.util.List;

/** service, dialects, topics, origins, admin, log and preset. */
final class ServiceActs {
  private static final String ONE_TOPIC = "[{pattern: 'a/*', publishable: true, %s}]";

  private ServiceActs() {}

  static List<Proof> all() {
    return List.of(
        Proof.of("preset", null, null).in("service.version", "1").looked(new Presets()),
        Proof.of("service.title", "One", "Two").seen(world -> world.dial().ask("rpc.discover")),
        Proof.of("service.version", "1.0", "2.0").seen(world -> world.dial().ask("rpc.discover")),
        Proof.of("service.node", "n1", "n2")
            .seen(world -> Peer.member(world.dial().hello(""), "node")),
        Proof.of("service.discovery", true, false)
            .seen(world -> world.dial().may("rpc.discover", "[]")),
        Proof.of("service.discloseErrors", true, false)
            .seen(world -> world.dial().ask("fail").contains("told on purpose")),
        Proof.of("service.blockedAfter", "1ms", "1d").seen(ServiceActs::blocked),
        Proof.of("service.utilities", true, false).seen(world -> world.dial().ask("ping")),
        Proof.of("service.formerUtilities", true, false)
            .seen(world -> world.dial().ask("get_process_details")),
        Proof.of("dialects.switchable", "[json-rpc]", "[json-rpc, rpc-websockets]")
            .seen(world -> world.dial().ask("rpc.on", "[\"a\"]")),
        Proof.of("dialects.paths", "[]", "[{path: /other, dialect: rpc-websockets}]")
            .seen(world -> world.dialAt("/other").status()),
        Proof.of("dialects.paths[].path", "/one", "/two")
            .in("dialects.paths", "[{path: %s, dialect: rpc-websockets}]")
            .seen(world -> world.dialAt("/two").status()),
        Proof.of("dialects.paths[].dialect", "json-rpc", "rpc-websockets")
            .in("dialects.paths", "[{path: /x, dialect: %s}]")
            .with("dialects.switchable", "[]")
            .seen(world -> world.dialAt("/x").ask("rpc.on", "[\"a\"]")),
        Proof.of("topics", "[]", "[{pattern: 'a/*', publishable: true}]")
            .seen(ServiceActs::publishes),
        Proof.of("topics[].pattern", "a/*", "b/*")
            .in("topics", "[{pattern: '%s', publishable: true}]")
            .seen(ServiceActs::publishes),
        Proof.of("topics[].keepLast", "1", "3")
            .in("topics", ONE_TOPIC.replace("%s", "keepLast: %s"))
            .seen(ServiceActs::kept),
        Proof.of("topics[].publishable", "true", "false")
            .in("topics", "[{pattern: 'a/*', publishable: %s}]")
            .seen(ServiceActs::publishes),
        Proof.of("topics[].priority", "normal", "critical")
            .in(
                "topics",
                "[{pattern: 'a/*', publishable: true, priority: %s},"
                    + " {pattern: '**', publishable: true}]")
            .seen(ServiceActs::overtaking),
        Proof.of("origins", "[]", "['https://a.example']")
            .seen(world -> world.dial("origin", "https://a.example").status()),
        Proof.of("admin.open", true, false)
            .seen(world -> world.dial().ask("rpc.admin.stats", "{}").split(":", -1)[0]),
        ConnectionActs.known(Proof.of("admin.roles", "[boss]", "[root]"))
            .with("admin.open", false)
            .seen(
                world -> world.user("ann", "root").ask("rpc.admin.stats", "{}").split(":", -1)[0]),
        Proof.of("log.level", "warn", "debug").seen(world -> world.levels));
  }

  /** The preset is not set beside others: it is what they are said on top of. */
  private static final class Presets implements Proof.Look {
    private int times;

    @Override
    public Object at(Config ignored) throws Exception {
      String name = times++ == 1 ? "conservative" : "relaxed";
      try (World world = new World(Config.preset(name).with("auth.anonymous", true))) {
        return Peer.member(world.dial().hello(""), "heartbeat");
      }
    }
  }

  private static Object publishes(World world) {
    return world.dial().may("rpc.publish", "{\"topic\":\"a/b\",\"data\":1}");
  }

  private static Object kept(World world) {
    Peer peer = world.dial();
    String first = peer.ask("rpc.subscribe", "{\"topic\":\"a/b\"}");
    for (int i = 0; i < 5; i++) {
      peer.ask("rpc.publish", "{\"topic\":\"a/b\",\"data\":1}");
    }
    String from = "{\"topic\":\"a/b\",\"since\":{\"epoch\":" + Peer.member(first, "epoch");
    return List.of(
        peer.may("rpc.history", from + ",\"offset\":2}}"),
        peer.may("rpc.history", from + ",\"offset\":4}}"));
  }

  /** How many events of another topic come before one that was published last. */
  private static Object overtaking(World world) {
    world.network.window(1_000);
    Peer slow = world.dial();
    slow.ask("rpc.subscribe", "{\"topic\":\"a/b\"}");
    slow.ask("rpc.subscribe", "{\"topic\":\"other\"}");
    slow.reading(false);
    Peer other = world.dial();
    for (int i = 0; i < 12; i++) {
      other.ask("rpc.publish", "{\"topic\":\"other\",\"data\":\"" + "x".repeat(10_000) + "\"}");
    }
    other.ask("rpc.publish", "{\"topic\":\"a/b\",\"data\":1}");
    slow.reading(true);
    return slow.heard().stream().takeWhile(text -> !text.contains("a/b")).count();
  }

  /** It is looked for in real time, and measured in that of the network. */
  private static Object blocked(World world) {
    try (LogLines lines = new LogLines("dev.everwire.session")) {
      world.blocking =
          () -> {
            long end = System.nanoTime() + 400_000_000L;
            while (System.nanoTime() < end && !lines.has("held up")) {
              world.network.time().advance(Duration.ofMillis(10));
              Thread.onSpinWait();
            }
          };
      world.dial().request("blocking", "[]");
      return lines.has("held up");
    }
  }
}
