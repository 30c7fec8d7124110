package dev.everwire.config.acts;

import dev.everwire.config.Config;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.session.CallOptions;
import dev.everwire.session.SendOptions;
import dev.everwire.spi.Broker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** limits.conversation, limits.transport and limits.broker. */
final class ConversationActs {
  private static final String CONVERSATION = "limits.conversation.";
  private static final String TRANSPORT = "limits.transport.";
  private static final String BROKER = "limits.broker.";

  private ConversationActs() {}

  static List<Proof> all() {
    return List.of(
        Proof.of(CONVERSATION + "maxDepth", 5, 50)
            .seen(world -> world.dial().ask("add", "[[[[[[[[1]]]]]]]]")),
        Proof.of(CONVERSATION + "maxBatch", 2, 10)
            .seen(world -> {
              Peer peer = world.dial();
              String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\"}";
              peer.send("[" + call + "," + call + "," + call + "]");
              return peer.heard("\"result\"");
            }),
        Proof.of(CONVERSATION + "maxConcurrentCalls", 1, 4)
            .seen(world -> {
              holding(world);
              return world.held();
            }),
        Proof.of(CONVERSATION + "maxAdmittedCalls", 2, 10)
            .with(CONVERSATION + "maxConcurrentCalls", 1)
            .seen(world -> holding(world).heard("error")),
        Proof.of(CONVERSATION + "maxQueuedNotifications", 2, 100)
            .seen(world -> {
              world.hold();
              Peer peer = world.dial();
              for (int i = 0; i < 10; i++) {
                peer.tell("note", "[]");
              }
              return peer.ask("inline");
            }),
        Proof.of(CONVERSATION + "maxPendingCalls", 1, 5).seen(ConversationActs::asked),
        Proof.of(CONVERSATION + "maxSubscriptions", 1, 3)
            .seen(world -> {
              Peer peer = world.dial();
              return peer.may("rpc.subscribe", "{\"topic\":\"a\"}")
                  && peer.may("rpc.subscribe", "{\"topic\":\"b\"}");
            }),
        Proof.of(CONVERSATION + "slowPeerAfter", "2s", "1m")
            .seen(world -> {
              slow(world, 120);
              world.advance(20);
              return world.server.connections();
            }),
        Proof.of(TRANSPORT + "maxMessageBytes", "1KiB", "64KiB")
            .seen(world -> {
              Peer peer = world.dial();
              peer.send(" ".repeat(2_000));
              return peer.closeCode();
            }),
        Proof.of(TRANSPORT + "closeTimeout", "1s", "20s")
            .with(TRANSPORT + "maxMessageBytes", "1KiB")
            .seen(world -> {
              Peer peer = world.dial();
              peer.reading(false);
              peer.send(" ".repeat(2_000));
              world.advance(5);
              return world.server.connections();
            }),
        Proof.of(BROKER + "historyBytes", "2KiB", "1MiB")
            .with(TRANSPORT + "maxMessageBytes", "1KiB")
            .seen(world -> {
              Peer peer = world.dial();
              String first = peer.ask("rpc.subscribe", "{\"topic\":\"a\"}");
              for (int i = 0; i < 10; i++) {
                String data = ",\"data\":\"" + "x".repeat(500) + "\"}";
                peer.ask("rpc.publish", "{\"topic\":\"a\"" + data);
              }
              String epoch = Peer.member(first, "epoch");
              return peer.may(
                  "rpc.history",
                  "{\"topic\":\"a\",\"since\":{\"epoch\":" + epoch + ",\"offset\":1}}");
            }),
        Proof.of(BROKER + "topics", 1, 3)
            .seen(world -> {
              Peer peer = world.dial();
              return peer.may("rpc.subscribe", "{\"topic\":\"a\"}")
                  && peer.may("rpc.subscribe", "{\"topic\":\"b\"}");
            }),
        Proof.of(BROKER + "undeliveredBytes", "1KiB", "1MiB").looked(ConversationActs::taken));
  }

  /**
   * How many of ten publications are taken that are made while another one is being delivered. A
   * server delivers too fast for that, so this is its broker without it.
   */
  private static Object taken(Config config) {
    MemoryBroker broker = new MemoryBroker(new Random(1), config.limits().broker().bounds());
    AtomicInteger taken = new AtomicInteger();
    RawJson data = RawJson.string("x".repeat(500));
    AtomicBoolean first = new AtomicBoolean(true);
    broker.start((topic, epoch, publication) -> {
      for (int i = 0; i < 10 && first.get(); i++) {
        var publishing = broker.publish(topic, data, Broker.Retention.NONE).toCompletableFuture();
        taken.addAndGet(publishing.isCompletedExceptionally() ? 0 : 1);
      }
      first.set(false);
    });
    broker.subscribe("a").toCompletableFuture().join();
    broker.publish("a", data, Broker.Retention.NONE).toCompletableFuture().join();
    return taken.get();
  }

  /** Somebody who called six times what does not end. */
  private static Peer holding(World world) {
    world.hold();
    Peer peer = world.dial();
    for (int i = 0; i < 6; i++) {
      peer.request("add", "[]");
    }
    return peer;
  }

  /** How many of three calls of somebody who does not answer have failed at once. */
  private static Object asked(World world) {
    world.dial();
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(
          world
              .server
              .callers()
              .getFirst()
              .peer()
              .callAsync("any", null, String.class, CallOptions.DEFAULT));
      world.network.runUntilIdle();
    }
    return calls.stream().filter(CompletableFuture::isDone).count();
  }

  /** Somebody who reads nothing, and was told so many messages of 10 000 bytes. */
  private static Peer slow(World world, int messages) {
    world.network.window(1_000);
    Peer peer = world.dial();
    peer.reading(false);
    for (int i = 0; i < messages; i++) {
      var unused =
          world
              .server
              .callers()
              .getFirst()
              .peer()
              .notify("n", List.of("x".repeat(10_000)), SendOptions.of(Priority.NORMAL));
      world.network.runUntilIdle();
    }
    return peer;
  }
}
