package dev.everwire;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.CallOptions;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that call and listen all the time while their server goes away and sends them to another
 * one: nobody notices.
 */
class DrainOverSocketsTest {
  private static final int CLIENTS = 5;
  private static final Duration SOON = Duration.ofSeconds(30);

  private final SharedBroker broker = new SharedBroker();
  private final ConcurrentHashMap<Long, Integer> executed = new ConcurrentHashMap<>();
  private final CountDownLatch finish = new CountDownLatch(1);
  private final Server first = server();
  private final Server second = server();
  private final List<Client> clients = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong published = new AtomicLong();

  DrainOverSocketsTest() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Everwire.client(uri(first))
              .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)))
              .connect());
    }
  }

  private Server server() throws IOException {
    ServerBuilder builder =
        Everwire.server(0)
            .broker(broker.node())
            .topic(TopicRule.named("ticks").keepLast(1_000_000))
            .method(
                "count",
                call -> {
                  Long number = call.params().get(0, "number", Long.class);
                  executed.merge(number, 1, Integer::sum);
                  return number;
                })
            .method(
                "wait",
                call -> {
                  finish.await();
                  return "waited";
                });
    return builder.start();
  }

  private static URI uri(Server server) {
    return URI.create("ws://" + server.host() + ":" + server.port() + "/ws");
  }

  @AfterEach
  void close() {
    finish.countDown();
    stop.set(true);
    clients.forEach(Client::close);
    first.close();
    second.close();
    broker.close();
  }

  @Test
  void nobodyNoticesThatTheServerIsAnother() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ScheduledExecutorService stream = Executors.newSingleThreadScheduledExecutor()) {
      List<Subscription<Long>> subscriptions = new ArrayList<>();
      for (Client client : clients) {
        Subscription<Long> ticks = client.subscribe("ticks", Long.class);
        var unused = ticks.confirmed().get(SOON.toSeconds(), TimeUnit.SECONDS);
        subscriptions.add(ticks);
      }
      List<Future<Long>> calling = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = clients.get(i);
        long base = i * 1_000_000_000L;
        calling.add(threads.submit(() -> call(client, base)));
      }
      Future<?> publishing = stream.scheduleAtFixedRate(this::publish, 0, 2, MILLISECONDS);
      List<Future<Long>> listening = new ArrayList<>();
      for (Subscription<Long> each : subscriptions) {
        listening.add(threads.submit(() -> listen(each)));
      }
      Await.until(() -> published.get() > 200);
      DrainReport report =
          first
              .drain(DrainPlan.DEFAULT.reason("deploy").to(uri(second)))
              .get(SOON.toSeconds(), TimeUnit.SECONDS);
      long then = published.get();
      Await.until(() -> published.get() > then + 200);
      publishing.cancel(false);
      stream.shutdown();
      assertThat(stream.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      stop.set(true);

      assertThat(report.closed()).isEqualTo(CLIENTS);
      assertThat(report.failed()).isZero();
      assertThat(report.dropped()).isZero();
      assertThat(second.connections()).isEqualTo(CLIENTS);
      for (Future<Long> each : listening) {
        assertThat(each.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(published.get());
      }
      long calls = 0;
      for (Future<Long> each : calling) {
        calls += each.get(SOON.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(executed)
          .hasSize((int) calls)
          .allSatisfy((number, times) -> assertThat(times).isOne());
      subscriptions.forEach(Subscription::close);
    }
  }

  @Test
  void aCallThatRunsIsAnsweredByTheServerThatGoes() throws Exception {
    Client client = clients.getFirst();
    var waiting =
        client.callAsync("wait", null, String.class, CallOptions.within(Duration.ofMinutes(1)));
    var report = first.drain(DrainPlan.DEFAULT.to(uri(second)));
    Await.until(() -> second.connections() == CLIENTS);
    assertThat(client.call("count", List.of(7), Long.class)).isEqualTo(7);
    assertThat(waiting.isDone()).isFalse();
    finish.countDown();

    assertThat(waiting.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("waited");
    assertThat(report.get(SOON.toSeconds(), TimeUnit.SECONDS).failed()).isZero();
  }

  private long call(Client client, long base) {
    long calls = 0;
    while (!stop.get()) {
      Long answer = client.call("count", List.of(base + calls), Long.class);
      assertThat(answer).isEqualTo(base + calls);
      calls++;
    }
    return calls;
  }

  private void publish() {
    Server at = second.connections() == CLIENTS ? second : first;
    at.topics().publish("ticks", published.get() + 1);
    published.incrementAndGet();
  }

  /** Each event's value is its place: none may be missing, none come twice. */
  private long listen(Subscription<Long> ticks) throws InterruptedException {
    long expected = 0;
    while (!stop.get() || expected < published.get()) {
      var event = ticks.poll(Duration.ofSeconds(1));
      if (event.isPresent()) {
        assertThat(event.get()).isInstanceOf(Event.Item.class);
        assertThat(((Event.Item<Long>) event.get()).value()).isEqualTo(++expected);
      }
    }
    return expected;
  }
}
