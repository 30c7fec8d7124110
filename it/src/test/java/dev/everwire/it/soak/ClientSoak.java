package dev.everwire.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No part of the ordinary build; {@code -Deverwire.soak=PT30M} says how long. */
class ClientSoak {
  private static final Duration LENGTH =
      Duration.parse(System.getProperty("everwire.soak", "PT30M"));
  private static final int SAMPLES = 120;
  private static final int TOPICS = 1_000;
  private static final int CALLERS = 8;
  private static final int KEPT = 50; // publications of a topic: half a minute's
  private static final int AT_ONCE = 50; // publications
  private static final Duration BETWEEN = Duration.ofMillis(25); // so 2 000 a second
  private static final Duration CUT_EVERY = Duration.ofSeconds(1);
  private static final Duration AFTERWARDS = Duration.ofMinutes(1);

  private final AtomicLong published = new AtomicLong(); // topics take turns
  private final AtomicLong cuts = new AtomicLong();
  private final List<WeakReference<Subscription<Long>>> dropped = new ArrayList<>();
  private volatile boolean enough;

  @Test
  void nothingGrowsAndNothingIsLostWhileTheConnectionIsCutEverySecond() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Book book = new Book(CALLERS);
    try (Server server =
            Everwire.server(0)
                .maxSubscriptions(TOPICS + 10)
                .topic(TopicRule.named("soak/*").keepLast(KEPT))
                .expose(Numbers.class, book)
                .start();
        TcpProxy network = TcpProxy.to(server.port())) {
      Client client =
          Everwire.client(URI.create("ws://127.0.0.1:" + network.port() + "/ws"))
              .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(200)))
              .connect();
      soak(server, network, client, book);
      client.close();
      Await.until(() -> server.connections() == 0);
      assertThat(client.status().terminal()).isTrue();
    }
    Await.until(() -> everwire().allMatch(before::contains), AFTERWARDS);
    Await.until(this::collected, AFTERWARDS);
  }

  private void soak(Server server, TcpProxy network, Client client, Book book) throws Exception {
    publish(server, KEPT); // so that history is full, and what the server holds stays the same
    long before = published.get();
    Follower.Tally seen = new Follower.Tally();
    Caller.Tally calls = new Caller.Tally();
    List<Follower> followers =
        IntStream.range(0, TOPICS)
            .mapToObj(topic -> new Follower(client.subscribe(name(topic), Long.class), seen))
            .toList();
    List<Caller> callers =
        IntStream.range(0, CALLERS).mapToObj(n -> new Caller(n, client, calls)).toList();
    List<Thread> readers = followers.stream().map(Thread::startVirtualThread).toList();
    for (Follower follower : followers) {
      follower.awaitBegun(AFTERWARDS);
    }
    List<Thread> working =
        Stream.concat(
                callers.stream(),
                Stream.<Runnable>of(
                    () -> publish(server, Long.MAX_VALUE),
                    () -> cut(network),
                    () -> comeAndGo(client)))
            .map(Thread::startVirtualThread)
            .toList();

    Samples samples = new Samples();
    for (int i = 1; i <= SAMPLES; i++) {
      Await.pass(LENGTH.dividedBy(SAMPLES));
      String sample = samples.take();
      System.out.printf(
          "%3d/%d: %s; %d cuts, %s; %s%n", i, SAMPLES, sample, cuts.get(), seen, calls);
    }

    enough = true;
    callers.forEach(Caller::enough);
    for (Thread thread : working) {
      assertThat(thread.join(AFTERWARDS)).as("everybody comes to an end").isTrue();
    }
    Await.until(() -> followers.stream().allMatch(this::upToDate), AFTERWARDS);
    System.out.println("end: " + seen + "; " + calls + "; epoch " + client.epoch());

    assertThat(followers.stream().map(Follower::wrong).filter(Objects::nonNull)).isEmpty();
    assertThat(callers.stream().map(Caller::wrong).filter(Objects::nonNull)).isEmpty();
    assertThat(book.wrong()).isNull();
    assertThat(calls.ended()).isEqualTo(calls.made.sum());
    assertThat(seen.events.sum() + seen.missing.sum()).isEqualTo(published.get() - before);
    assertThat(client.epoch()).isGreaterThan(cuts.get() / 2);
    samples.assertFlat();

    client.closeAsync().get(AFTERWARDS.toSeconds(), TimeUnit.SECONDS);
    for (Thread reader : readers) {
      assertThat(reader.join(AFTERWARDS)).as("who reads hears of the end").isTrue();
    }
  }

  private boolean upToDate(Follower follower) {
    return follower.last() == published.get() / TOPICS;
  }

  private static String name(int topic) {
    return "soak/" + topic;
  }

  // ---- what goes on all the time

  /** Whole rounds, so that all topics get the same. */
  private void publish(Server server, long rounds) {
    for (long round = 0; round < rounds && !enough; round++) {
      for (int topic = 0; topic < TOPICS; topic++) {
        long number = published.getAndIncrement() / TOPICS + 1;
        server.topics().publish(name(topic), number);
        if (rounds > KEPT && topic % AT_ONCE == AT_ONCE - 1) {
          Await.pass(BETWEEN);
        }
      }
    }
  }

  private void cut(TcpProxy network) {
    while (!enough) {
      Await.pass(CUT_EVERY);
      network.cut();
      network.resume();
      cuts.incrementAndGet();
    }
  }

  private void comeAndGo(Client client) {
    while (!enough) {
      try (Subscription<Long> brief = client.subscribe("soak/short", Long.class)) {
        dropped.add(new WeakReference<>(brief));
      }
      Await.pass(CUT_EVERY.dividedBy(3));
    }
  }

  // ---- what is left

  private static Stream<Thread> everwire() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().contains("everwire"));
  }

  private boolean collected() {
    System.gc();
    return dropped.stream().allMatch(subscription -> subscription.get() == null);
  }
}
