package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.ClientPool;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.PoolStrategy;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool whose members reach a real server each through a proxy of its own, and lose it. */
class PoolOverSocketsTest {
  private static final int TOPICS = 20;
  private static final long ROUNDS = 300;

  private final int port;
  private final List<TcpProxy> proxies = new ArrayList<>();
  private final Server server;
  private final ClientPool pool;

  PoolOverSocketsTest() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    for (int i = 0; i < 3; i++) {
      proxies.add(TcpProxy.to(port));
    }
    server = Everwire.server(port).topic(TopicRule.named("t/*").keepLast(10_000)).start();
    pool =
        ClientPool.builder(i ->
                Everwire.client(URI.create("ws://127.0.0.1:" + proxies.get(i).port() + "/ws"))
                    .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20))))
            .size(3)
            .strategy(PoolStrategy.BY_TOPIC_HASH)
            .moveAfter(Duration.ofMillis(100))
            .connect();
  }

  @AfterEach
  void close() {
    pool.close();
    server.close();
    proxies.forEach(TcpProxy::close);
  }

  @Test
  void topicsThatMoveBetweenMembersMissNothing() throws Exception {
    Await.until(() -> pool.ready() == 3);
    List<Subscription<Long>> all = new ArrayList<>();
    for (int i = 0; i < TOPICS; i++) {
      Subscription<Long> each = pool.subscribe("t/" + i, Long.class);
      var unused = each.confirmed().get(10, TimeUnit.SECONDS);
      all.add(each);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> reading = new ArrayList<>();
      for (Subscription<Long> each : all) {
        reading.add(threads.submit(() -> readAll(each)));
      }
      for (long round = 1; round <= ROUNDS; round++) {
        for (int i = 0; i < TOPICS; i++) {
          server.topics().publish("t/" + i, round);
        }
        if (round % 50 == 0) {
          int lost = (int) (round / 50 - 1) % 3;
          proxies.get(lost).cut();
          Await.until(() -> pool.topics().get(lost) == 0);
          proxies.get(lost).resume();
          Await.until(() -> pool.ready() == 3);
        }
      }
      for (Future<?> each : reading) {
        each.get(30, TimeUnit.SECONDS);
      }
    } finally {
      all.forEach(Subscription::close);
    }
    assertThat(pool.topics()).containsExactly(0, 0, 0);
  }

  /** Each event's value is its place. */
  private static long readAll(Subscription<Long> subscription) throws InterruptedException {
    for (long expected = 1; expected <= ROUNDS; expected++) {
      var event = subscription.poll(Duration.ofSeconds(20));
      assertThat(event).as("%s %d", subscription.topic(), expected).isPresent();
      assertThat(event.get()).as(subscription.topic()).isInstanceOf(Event.Item.class);
      assertThat(((Event.Item<Long>) event.get()).value()).isEqualTo(expected);
    }
    return subscription.dropped();
  }
}
