package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Param;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions in the manner of Ethereum's nodes, seen from the wire. */
final class EthSubscriptionsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final MemoryNetwork network = new MemoryNetwork();
  private final BlockingQueue<Integer> blocks = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger pulled = new AtomicInteger(); // by Large
  private volatile Thread puller; // of Large
  private final Server server = start();

  private ServerBuilder builder(String name) {
    return Server.builder()
        .listen(network.listener(name))
        .drainFor(Duration.ZERO)
        .values(new TestValues())
        .random(new Random(1))
        .subscription(
            "eth_subscribe",
            "eth_unsubscribe",
            "eth_subscription",
            call -> {
              return switch (call.params().get(0, "kind", String.class)) {
                case "newHeads" -> new Blocks();
                case "three" -> List.of(1, 2, 3);
                case "broken" -> throw new IllegalStateException("secret");
                default -> "nothing that can be iterated";
              };
            })
        .subscription(
            "large_subscribe", "large_unsubscribe", "large", call -> (Iterable<String>) Large::new)
        .expose(Chain.class, new Blockchain())
        .subscription("other_subscribe", "other_unsubscribe", "other", call -> new Blocks());
  }

  private Server start() {
    try {
      return builder("server").start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  @Namespace("")
  interface Chain {
    @Rpc(name = "chain_subscribe")
    @Subscription(unsubscribe = "chain_unsubscribe", notification = "chain_subscription")
    ItemStream<Integer> blocks(@Param("kind") String kind);

    @Rpc(name = "chain_logs")
    @Subscription(unsubscribe = "chain_unsubscribe", notification = "chain_log")
    ItemStream<Integer> logs();
  }

  private final class Blockchain implements Chain {
    @Override
    public ItemStream<Integer> blocks(String kind) {
      return ItemStream.produce(sink -> {
        open.incrementAndGet();
        try {
          while (true) {
            sink.put(blocks.take());
          }
        } finally {
          open.decrementAndGet();
        }
      });
    }

    @Override
    public ItemStream<Integer> logs() {
      return ItemStream.of(List.of(1, 2, 3));
    }
  }

  /** Begins when it is told to, and gives more than may wait anywhere. */
  private final class Large implements Iterator<String> {
    static final int ITEMS = 3_000;
    static final int LENGTH = 10_000;

    @Override
    public boolean hasNext() {
      puller = Thread.currentThread();
      return pulled.get() < ITEMS;
    }

    @Override
    public String next() {
      if (pulled.get() == 0) {
        blocks();
      }
      return pulled.getAndIncrement() + "x".repeat(LENGTH);
    }

    private void blocks() {
      try {
        blocks.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for each block; counts how many of its kind are open. */
  private final class Blocks implements Iterable<Integer>, AutoCloseable {
    Blocks() {
      open.incrementAndGet();
    }

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public Integer next() {
          try {
            return blocks.take();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
        }
      };
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  @Test
  void eachItemIsANotificationWithTheIdThatWasAnswered() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String id = subscribe(peer, 1, "newHeads");
    assertThat(id).matches("\"0x[0-9a-f]{32}\"");

    blocks.add(17);
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).containsExactly(item(id, 17));
  }

  @Test
  void itemsFollowBehindTheAnswer() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.queue(request(1, "eth_subscribe", "[\"three\"]"));
    List<String> heard = heard(peer, 4);
    String id = String.valueOf(RawJson.parse(heard.getFirst()).members().get("result"));

    assertThat(heard.subList(1, 4)).containsExactly(item(id, 1), item(id, 2), item(id, 3));
  }

  @Test
  void unsubscribingEndsItAndSaysWhetherThereWasOne() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String id = subscribe(peer, 1, "newHeads");

    assertThat(awaited(peer, 2, "other_unsubscribe", "[" + id + "]")).isEqualTo("false");
    assertThat(awaited(peer, 3, "eth_unsubscribe", "[" + id + "]")).isEqualTo("true");
    assertThat(awaited(peer, 4, "eth_unsubscribe", "[" + id + "]")).isEqualTo("false");
    network.runUntil(() -> open.get() == 0, SOON);
    blocks.add(18);
    network.runUntilIdle();
    assertThat(peer.heardNothing()).isTrue();
  }

  @Test
  void aMethodOfAnInterfaceThatIsMarkedSoIsASubscription() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String id = awaited(peer, 1, "chain_subscribe", "[\"new\"]");
    network.runUntil(() -> open.get() == 1, SOON);
    blocks.add(17);
    assertThat(heard(peer, 1))
        .containsExactly(item(id, 17).replace("eth_subscription", "chain_subscription"));

    assertThat(awaited(peer, 2, "eth_unsubscribe", "[" + id + "]")).isEqualTo("false");
    assertThat(awaited(peer, 3, "chain_unsubscribe", "[" + id + "]")).isEqualTo("true");
    network.runUntil(() -> open.get() == 0, SOON);

    peer.queue(request(4, "chain_logs", "[]"));
    assertThat(heard(peer, 4).get(3)).contains("\"method\":\"chain_log\"", "\"result\":3");
  }

  @Test
  void whatPushesItemsIsStoppedByTheEndOfTheConnection() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    assertThat(awaited(peer, 1, "chain_subscribe", "[\"new\"]")).startsWith("\"0x");
    network.runUntil(() -> open.get() == 1, SOON);

    peer.abort();
    network.runUntil(() -> open.get() == 0, SOON);
  }

  @Test
  void aPeerThatDoesNotReadStopsItsSourceAndMissesNothing() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String id = awaited(peer, 1, "large_subscribe", "[]");
    peer.reading(false);
    blocks.add(0);
    network.runUntil(
        () -> pulled.get() > 0 && puller.getState() == Thread.State.TIMED_WAITING, SOON);
    // 16 MiB that wait, 1 MiB on their way to the loop, a window, and the one that found no room.
    assertThat(pulled.get()).isLessThan(18 * 1024 * 1024 / Large.LENGTH);
    assertThat(peer.heardNothing()).isTrue();

    peer.reading(true);
    List<String> all = heard(peer, Large.ITEMS);
    assertThat(all).hasSize(Large.ITEMS);
    for (int i = 0; i < Large.ITEMS; i++) {
      assertThat(all.get(i)).contains("{\"subscription\":" + id + ",\"result\":\"" + i + "x");
    }
    assertThat(peer.open()).isTrue();
  }

  @Test
  void anotherConnectionCannotEndIt() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    TestPeer other = TestPeer.dial(network, "ws://server/ws");
    String id = subscribe(peer, 1, "newHeads");

    assertThat(awaited(other, 1, "eth_unsubscribe", "[" + id + "]")).isEqualTo("false");
    assertThat(open).hasValue(1);
  }

  @Test
  void theEndOfTheConnectionEndsThemAll() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    Set<String> ids = new HashSet<>();
    for (int i = 1; i <= 5; i++) {
      ids.add(subscribe(peer, i, "newHeads"));
    }
    assertThat(ids).hasSize(5);
    assertThat(open).hasValue(5);

    peer.abort();
    network.runUntil(() -> open.get() == 0, SOON);
  }

  @Test
  void oneConnectionHas128AtMost() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    for (int i = 1; i <= 128; i++) {
      subscribe(peer, i, "newHeads");
    }
    peer.queue(request(129, "eth_subscribe", "[\"newHeads\"]"));
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard().getFirst()).contains("-32006", "too many subscriptions");
    assertThat(open).hasValue(128);
  }

  @Test
  void whatCannotBeSubscribedTakesNoPlace() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    for (int i = 1; i <= 200; i++) {
      String kind = i % 2 == 0 ? "\"broken\"" : i % 4 == 1 ? "\"text\"" : "";
      peer.queue(request(i, "eth_subscribe", "[" + kind + "]"));
      network.runUntil(() -> !peer.heardNothing(), SOON);
      assertThat(peer.heard().getFirst())
          .contains(kind.isEmpty() ? "-32602" : "-32603")
          .doesNotContain("secret");
    }
    assertThat(subscribe(peer, 201, "newHeads")).startsWith("\"0x");
  }

  @Test
  void itIsARequestOutsideABatch() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
    peer.queue("[" + request(1, "eth_subscribe", "[\"newHeads\"]") + "]");
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard().getFirst()).contains("-32600");
    assertThat(open).hasValue(0);
  }

  @Test
  void bothNamesAreChecked() {
    assertThatThrownBy(() -> builder("x").subscription("rpc.a", "b", "c", call -> List.of()))
        .hasMessageContaining("rpc.a");
    assertThatThrownBy(
            () -> builder("x").subscription("a", "eth_unsubscribe", "c", call -> List.of()))
        .hasMessage("name: \"eth_unsubscribe\" (expected: not given before)");
  }

  private String subscribe(TestPeer peer, int id, String kind) {
    return awaited(peer, id, "eth_subscribe", "[\"" + kind + "\"]");
  }

  private String awaited(TestPeer peer, int id, String method, String params) {
    peer.queue(request(id, method, params));
    network.runUntil(() -> !peer.heardNothing(), SOON);
    RawJson response = peer.response(id);
    RawJson result = response.members().get("result");
    if (result == null) {
      throw new AssertionError("no result: " + response);
    }
    return result.toString();
  }

  private List<String> heard(TestPeer peer, int messages) {
    List<String> all = new ArrayList<>();
    network.runUntil(
        () -> {
          all.addAll(peer.heard());
          return all.size() >= messages;
        },
        SOON);
    return all;
  }

  private static String item(String id, int result) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":"
        + id
        + ",\"result\":"
        + result
        + "}}";
  }

  private static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }
}
