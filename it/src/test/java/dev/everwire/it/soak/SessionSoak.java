package dev.everwire.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.server.Server;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clients that come, are cut off, are replaced by others of their name and leave, at random, over
 * real sockets. No part of the ordinary build; {@code -Deverwire.soak=PT30M} says how long.
 */
class SessionSoak {
  private static final Duration LENGTH =
      Duration.parse(System.getProperty("everwire.soak", "PT30M"));
  private static final int SAMPLES = 120;
  private static final int USERS = 12;
  private static final Duration WITHIN = Duration.ofSeconds(2); // a lost session is kept
  private static final Duration AFTERWARDS = Duration.ofMinutes(1);
  private static final String LOST = ConnectionLostException.class.getSimpleName();
  private static final int KEPT = 1_000; // connections that are looked at in the end

  private final AtomicLong comings = new AtomicLong();
  private final AtomicLong resumptions = new AtomicLong();
  private final AtomicLong ends = new AtomicLong();
  private final Caller.Tally calls = new Caller.Tally();
  private final Queue<WeakReference<ServerConnection>> seen = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
  private volatile boolean enough;

  @Test
  void whoeverComesAndGoesNothingOfThemStays() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Book book = new Book(USERS);
    try (Server server =
        Everwire.server(0)
            .resume(ResumeSettings.DEFAULT.within(WITHIN))
            .connectionHooks(hooks())
            .expose(Numbers.class, book)
            .start()) {
      soak(server);
      Await.until(() -> server.connections() == 0, AFTERWARDS);
      Await.until(() -> server.registry().count() == 0, AFTERWARDS);
      Await.until(() -> comings.get() == ends.get(), AFTERWARDS);
      assertThat(server.registry().users()).isZero();
      assertThat(server.registry().states().values()).allMatch(number -> number == 0);
      Await.pass(WITHIN.plusSeconds(1)); // lost sessions end
      Await.until(this::collected, AFTERWARDS);
    }
    assertThat(wrong.get()).isNull();
    Await.until(() -> everwire().allMatch(before::contains), AFTERWARDS);
  }

  private ConnectionHooks hooks() {
    return new ConnectionHooks() {
      @Override
      public void onConnect(ServerConnection connection) {
        comings.incrementAndGet();
        seen.add(new WeakReference<>(connection));
        if (seen.size() > KEPT) {
          seen.poll();
        }
      }

      @Override
      public void onResumed(ServerConnection connection) {
        resumptions.incrementAndGet();
      }

      @Override
      public void onDisconnected(
          ServerConnection connection, String reason, int code, Duration duration) {
        ends.incrementAndGet();
      }
    };
  }

  private void soak(Server server) throws Exception {
    var users =
        IntStream.range(0, USERS)
            .mapToObj(number -> Thread.startVirtualThread(() -> live(server.port(), number)))
            .toList();
    Samples samples = new Samples();
    for (int i = 1; i <= SAMPLES; i++) {
      Await.pass(LENGTH.dividedBy(SAMPLES));
      System.out.printf(
          "%3d/%d: %s; %,d connections, %,d resumed, %d now; %s%n",
          i,
          SAMPLES,
          samples.take(),
          comings.get(),
          resumptions.get(),
          server.connections(),
          calls);
    }
    enough = true;
    for (Thread user : users) {
      assertThat(user.join(AFTERWARDS)).as("everybody comes to an end").isTrue();
    }
    System.out.printf(
        "end: %,d connections, %,d resumed; %s%n", comings.get(), resumptions.get(), calls);
    assertThat(calls.ended()).isEqualTo(calls.made.sum());
    assertThat(resumptions.get()).isPositive();
    samples.assertFlat();
  }

  /** One name, and whoever has it. */
  private void live(int port, int number) {
    SplittableRandom random = new SplittableRandom(number);
    try (TcpProxy network = TcpProxy.to(port)) {
      while (!enough) {
        try (Client client = client(network.port(), number)) {
          Caller caller = new Caller(number, client, calls);
          Thread working = Thread.startVirtualThread(caller);
          for (int deeds = random.nextInt(20); deeds >= 0 && !enough; deeds--) {
            Await.pass(Duration.ofMillis(random.nextInt(400)));
            switch (random.nextInt(8)) {
              case 0, 1, 2 -> {
                network.cut();
                network.resume();
              }
              case 3 -> comeTwice(network.port(), number);
              default -> {}
            }
          }
          caller.enough();
          client.closeAsync();
          if (!working.join(AFTERWARDS)) {
            wrong.set("a caller of " + number + " never came back");
          }
          String complaint = caller.wrong();
          if (complaint != null && !complaint.contains(LOST)) { // it was closed, or replaced
            wrong.set(complaint);
          }
        }
      }
    } catch (Exception e) {
      wrong.set(number + ": " + e);
    }
  }

  /** Another of the same name comes, and is gone before long. */
  private static void comeTwice(int port, int number) {
    try (Client other = client(port, number)) {
      var unused = other.status();
    }
  }

  private static Client client(int port, int number) {
    return Everwire.client(URI.create("ws://127.0.0.1:" + port + "/ws"))
        .clientId("client-" + number)
        .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(10), Duration.ofMillis(100)))
        .start();
  }

  // ---- what is left

  private static Stream<Thread> everwire() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().contains("everwire"));
  }

  private boolean collected() {
    System.gc();
    return seen.stream().allMatch(connection -> connection.get() == null);
  }
}
