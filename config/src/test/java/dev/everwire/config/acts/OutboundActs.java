package dev.everwire.config.acts;

import dev.everwire.protocol.Priority;
import dev.everwire.session.Caller;
import dev.everwire.session.SendOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** limits.outbound and limits.memory: peers that do not read. */
final class OutboundActs {
  private static final String OUTBOUND = "limits.outbound.";
  private static final String MEMORY = "limits.memory.";
  private static final int CROWD = 400; // connections, which is more than 1 MiB

  private OutboundActs() {}

  static List<Proof> all() {
    List<Proof> all = new ArrayList<>();
    all.add(
        Proof.of(OUTBOUND + "maxBytes", "64KiB", "256KiB")
            .seen(world -> queued(world, Priority.NORMAL, 10_000)));
    all.add(
        Proof.of(OUTBOUND + "maxMessages", 10, 100)
            .seen(world -> queued(world, Priority.NORMAL, 100)));
    for (Priority lane : Priority.values()) {
      String name = lane.name().toLowerCase(Locale.ROOT);
      String option = "max" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
      all.add(Proof.of(OUTBOUND + option, 3, 30).seen(world -> queued(world, lane, 10_000)));
    }
    all.add(
        Proof.of(OUTBOUND + "overflow", "drop-oldest", "reject")
            .with(OUTBOUND + "maxNormal", 3)
            .seen(world -> {
              Peer slow = slow(world);
              for (int i = 0; i < 30; i++) {
                offer(world, "newest " + i + "x".repeat(10_000));
              }
              slow.reading(true);
              return slow.heard("newest 29");
            }));
    all.add(
        Proof.of(OUTBOUND + "degradedAbove", "0.3", "0.9")
            .with(OUTBOUND + "normalBelow", "0.1")
            .seen(world -> queued(world, Priority.NORMAL, 10_000)));
    all.add(Proof.of(OUTBOUND + "normalBelow", "0.1", "0.6").seen(OutboundActs::admittedAgain));
    all.add(
        Proof.of(MEMORY + "maxBytes", "1MiB", "64MiB")
            .with("limits.conversation.slowPeerAfter", "1h")
            .seen(world -> full(world)));
    all.add(
        Proof.of(MEMORY + "maxBytesPerConnection", "256KiB", "1MiB")
            .with(OUTBOUND + "maxBytes", "64KiB")
            .with("limits.conversation.slowPeerAfter", "1h")
            .seen(world -> {
              Peer slow = slow(world);
              slow.request("long", "[]"); // is under way
              slow.request("long", "[]"); // waits
              world.advance(8);
              return world.server.connections();
            }));
    all.add(memory("eviction", "lru", "oldest").seen(world -> crowd(world).open()));
    all.add(memory("lookEvery", "1s", "30s").seen(world -> full(world)));
    all.add(
        memory("retryAfter", "1s", "1m")
            .with(MEMORY + "eviction", "oldest")
            .seen(world ->
                crowd(world).heard().stream().filter(text -> text.contains("goaway")).toList()));
    return all;
  }

  private static Proof memory(String option, Object one, Object other) {
    Proof proof =
        Proof.of(MEMORY + option, one, other)
            .with(MEMORY + "maxBytes", "1MiB")
            .with("limits.conversation.slowPeerAfter", "1h");
    return option.equals("lookEvery") ? proof : proof.with(MEMORY + "lookEvery", "10s");
  }

  /** Somebody who reads nothing from now on. */
  private static Peer slow(World world) {
    world.network.window(1_000);
    Peer peer = world.dial();
    peer.ask("add");
    peer.reading(false);
    return peer;
  }

  private static void offer(World world, String text) {
    offer(world, world.server.callers().getFirst(), Priority.NORMAL, text);
  }

  private static void offer(World world, Caller caller, Priority priority, String text) {
    var unused = caller.peer().notify("n", List.of(text), SendOptions.of(priority));
    world.network.runUntilIdle();
  }

  /** How many of 120 messages were kept for somebody who read nothing. */
  private static Object queued(World world, Priority priority, int bytes) {
    Peer slow = slow(world);
    fill(world, world.server.callers().getFirst(), priority, bytes);
    slow.reading(true);
    return slow.heard("\"n\"");
  }

  private static void fill(World world, Caller caller, Priority priority, int bytes) {
    for (int i = 0; i < 120; i++) {
      offer(world, caller, priority, "x".repeat(bytes));
    }
  }

  /** Whether a message is taken when some of what waited was read. */
  private static Object admittedAgain(World world) {
    Peer slow = slow(world);
    fill(world, world.server.callers().getFirst(), Priority.NORMAL, 10_000);
    slow.readUntil(30);
    offer(world, "the newest" + "x".repeat(10_000));
    slow.reading(true);
    return slow.heard("the newest");
  }

  /** How many of two are left that have 0.7 MiB waiting each. */
  private static Object full(World world) {
    slow(world);
    slow(world);
    for (Caller caller : world.server.callers()) {
      fill(world, caller, Priority.NORMAL, 10_000);
    }
    world.advance(8);
    return world.server.connections();
  }

  /** The first of too many: it came first, and has said something last. */
  private static Peer crowd(World world) {
    Peer first = world.dial();
    first.hello("");
    for (int i = 1; i < CROWD; i++) {
      world.dial();
    }
    world.advance(1);
    first.ask("add");
    world.advance(12);
    return first;
  }
}
