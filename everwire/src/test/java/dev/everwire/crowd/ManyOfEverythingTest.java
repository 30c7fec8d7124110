package dev.everwire.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.SubscriptionOptions;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.CallOptions;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ManyOfEverythingTest {
  private static final int TOPICS = 1_000;
  private static final int EVENTS = 30_000;

  private Server server;
  private TcpProxy network;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .maxSubscriptions(TOPICS)
            .topic(TopicRule.named("many/*").keepLast(10))
            .topic(TopicRule.named("numbers").keepLast(EVENTS))
            .method("twice", call -> 2 * call.params().get(0, "n", int.class))
            .start();
    network = TcpProxy.to(server.port());
    client =
        Everwire.client(URI.create("ws://127.0.0.1:" + network.port() + "/ws"))
            .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)))
            .connect();
  }

  @AfterEach
  void stop() {
    client.close();
    network.close();
    server.close();
  }

  @Test
  void aThousandSubscriptionsGoOnAfterACutAndNoneMissesAnything() throws Exception {
    List<Subscription<Integer>> subscriptions = new ArrayList<>();
    for (int topic = 0; topic < TOPICS; topic++) {
      subscriptions.add(client.subscribe("many/" + topic, Integer.class));
    }
    for (Subscription<Integer> subscription : subscriptions) {
      subscription.confirmed().get(30, TimeUnit.SECONDS);
    }
    publish(1);

    network.cut();
    Await.until(() -> !(client.status() instanceof Status.Ready));
    publish(2);
    network.resume();
    Await.until(() -> client.status() instanceof Status.Ready);
    publish(3);

    for (Subscription<Integer> subscription : subscriptions) {
      for (int number = 1; number <= 3; number++) {
        int expected = number;
        assertThat(subscription.next())
            .as(subscription.topic())
            .isInstanceOfSatisfying(
                Event.Item.class, item -> assertThat(item.value()).isEqualTo(expected));
      }
      assertThat(subscription.position().orElseThrow().offset()).isEqualTo(3);
    }
  }

  private void publish(int number) {
    for (int topic = 0; topic < TOPICS; topic++) {
      server.topics().publish("many/" + topic, number);
    }
  }

  @Test
  void tenThousandCallsEachGetTheirOwnAnswer() throws Exception {
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    Semaphore pending = new Semaphore(900); // a thousand may be
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int n = 0; n < 10_000; n++) {
      int number = n;
      pending.acquire();
      ends.add(
          client
              .callAsync("twice", List.of(n), int.class, CallOptions.DEFAULT)
              .whenComplete((answer, failure) -> {
                pending.release();
                if (!Integer.valueOf(2 * number).equals(answer)) {
                  wrong.add(number + ": " + answer + " " + failure);
                }
              }));
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    assertThat(wrong).isEmpty();
  }

  @Test
  void eventsAsFastAsTheyCanBePublishedArriveInOrderAndOnce() throws Exception {
    SubscriptionOptions roomy = SubscriptionOptions.DEFAULT.bufferEvents(EVENTS);
    try (var numbers = client.subscribe("numbers", Integer.class, roomy)) {
      numbers.confirmed().get(10, TimeUnit.SECONDS);
      Thread publisher =
          Thread.startVirtualThread(() -> {
            for (int n = 1; n <= EVENTS; n++) {
              server.topics().publish("numbers", n);
            }
          });
      for (int n = 1; n <= EVENTS; n++) {
        Event<Integer> event = numbers.next();
        if (!(event instanceof Event.Item<Integer>(Integer value, var position)) || value != n) {
          assertThat(event).as("event %d", n).isNull();
        }
      }
      publisher.join();
      assertThat(numbers.waiting()).isZero();
      assertThat(numbers.dropped()).isZero();
    }
  }
}
