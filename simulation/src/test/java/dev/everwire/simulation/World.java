package dev.everwire.simulation;

import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One server, some clients and a bad network, all on the calling thread and in virtual time: the
 * same seed gives the same run.
 */
final class World {
  private static final Duration STEP = Duration.ofMillis(100);

  final TrueStreams truth = new TrueStreams();
  final List<Client> clients = new ArrayList<>();
  final List<Follower> followers = new ArrayList<>();

  private final MemoryNetwork network = new MemoryNetwork();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final SplittableRandom random;
  private final int keepLast;
  private final Map<Client, Loop> loops = new IdentityHashMap<>();
  private final Map<Integer, Integer> executions = new HashMap<>();
  private final Map<Integer, CompletableFuture<@Nullable Object>> calls = new HashMap<>();
  private Server server;
  private Listener.@Nullable Listening listening;
  private int published;

  World(SplittableRandom random, int keepLast) {
    this.random = random;
    this.keepLast = keepLast;
    this.server = newServer();
  }

  private Server newServer() {
    try {
      return Server.builder()
          .listen(this::listen)
          .values(JacksonValues.create())
          .workers(work::add)
          .random(random.split())
          .broker(truth.noting(new MemoryBroker(random.split()), work::add))
          .topic(TopicRule.named("**").keepLast(keepLast).publishable())
          .method(
              "count",
              call -> executions.merge(call.params().get(0, "n", int.class), 1, Integer::sum))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Listener.Listening listen(Acceptor acceptor) throws IOException {
    listening = network.listener("server", 2).listen(acceptor);
    return listening;
  }

  /** Ends the server as kill -9 would, and starts another: its topics begin new epochs. */
  void crash() {
    if (listening != null) {
      listening.close();
    }
    settle();
    server = newServer();
  }

  void faults(Faults faults) {
    network.faults(faults);
  }

  Client newClient() {
    Dialer dialer = network.dialer();
    Client client =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(dialer)
            .values(JacksonValues.create())
            .workers(work::add)
            .random(random.split())
            .reconnect(ReconnectPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(20)))
            .start();
    clients.add(client);
    loops.put(client, dialer.loop());
    return client;
  }

  void closeClient(Client client) {
    clients.remove(client);
    followers.removeIf(follower -> follower.follows(client));
    Loop loop = loops.remove(client);
    if (loop != null) {
      loop.execute(client::close); // there it does not wait, and nobody else moves this world
    }
    settle();
  }

  void follow(Client client, String topic) {
    followers.add(new Follower(client, topic, truth));
  }

  void publish(String topic) {
    var unused = server.topics().publishAsync(topic, ++published);
  }

  void publish(Client client, String topic) {
    var unused = client.publishAsync(topic, ++published);
  }

  void call(Client client) {
    int n = calls.size();
    calls.put(
        n,
        client.callAsync(
            "count", List.of(n), RawJson.class, CallOptions.within(Duration.ofSeconds(10))));
  }

  /** Lets time pass, reading all followers on the way. */
  void pass(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
      network.advance(STEP);
      settle();
    }
  }

  /** Does all that can be done at this moment. */
  void settle() {
    do {
      network.runUntilIdle();
      for (Runnable next = work.poll(); next != null; next = work.poll()) {
        next.run();
      }
    } while (network.runUntilIdle() > 0 || !work.isEmpty());
    followers.forEach(Follower::read);
  }

  int connections() {
    return server.connections();
  }

  /** Every call has ended, and ended truly. */
  void checkCalls() {
    calls.forEach((n, call) -> {
      int times = executions.getOrDefault(n, 0);
      if (!call.isDone()) {
        throw new AssertionError("call " + n + " never ended");
      }
      if (times > 1) {
        throw new AssertionError("call " + n + " was executed " + times + " times");
      }
      try {
        call.join();
        if (times != 1) {
          throw new AssertionError("call " + n + " was answered and not executed");
        }
      } catch (CompletionException e) {
        checkFailure(n, times, e.getCause());
      }
    });
  }

  private static void checkFailure(int n, int times, @Nullable Throwable failure) {
    if (failure instanceof ConnectionLostException lost) {
      if (!lost.maybeExecuted() && times != 0) {
        throw new AssertionError("call " + n + " was executed and said not to be");
      }
    } else if (!(failure instanceof FaultException)) {
      throw new AssertionError("call " + n + " failed", failure);
    }
  }
}
