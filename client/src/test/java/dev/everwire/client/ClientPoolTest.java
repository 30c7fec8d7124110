package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.PoolStrategy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Position;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool whose members have a network and a time that the test moves. */
class ClientPoolTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final TopicServer server = new TopicServer(network, "server");
  private @Nullable ClientPool pool;
  private Duration back = SECOND;

  @AfterEach
  void close() {
    if (pool != null) {
      CompletableFuture<Void> ended = pool.closeAsync();
      network.advance(SECOND);
      assertThat(ended).isCompleted();
      assertThat(network.timers()).isZero();
    }
    assertThat(server.wrongs()).isEmpty();
  }

  // ---- calls

  @Test
  void callsTakeTurnsAmongTheMembersThatAreReady() {
    ClientPool pool = start(3, PoolStrategy.ROUND_ROBIN);
    assertThat(pool.ready()).isEqualTo(3);

    call(pool, 6);
    assertThat(server.calls()).containsExactly(2, 2, 2);

    back = Duration.ofHours(1);
    server.cut(0);
    network.runUntilIdle();
    call(pool, 4);
    assertThat(server.calls()).containsExactly(4, 4);
  }

  @Test
  void callsGoWhereFewestArePending() {
    ClientPool pool = start(2, PoolStrategy.LEAST_PENDING);
    server.silent(true);
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(pool.callAsync("echo", null, Object.class, CallOptions.DEFAULT));
    }
    network.runUntilIdle();
    assertThat(server.calls()).containsExactly(2, 2);

    calls.get(0).cancel(true);
    calls.get(2).cancel(true);
    network.runUntilIdle();
    for (int i = 0; i < 2; i++) {
      calls.add(pool.callAsync("echo", null, Object.class, CallOptions.DEFAULT));
    }
    network.runUntilIdle();

    assertThat(server.calls()).containsExactly(4, 2);
  }

  @Test
  void whenAllAreGoneACallSaysSo() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    CompletableFuture<Void> ended = pool.closeAsync();
    network.advance(SECOND);
    assertThat(ended).isCompleted();

    assertThatThrownBy(() -> pool.call("echo", null, String.class))
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("every member of the pool is closed");
    assertThatThrownBy(pool.subscribe("t", String.class)::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("pool closed");
  }

  // ---- topics

  @Test
  void aTopicIsFollowedByOneMemberHoweverManyRead() {
    ClientPool pool = start(3, PoolStrategy.LEAST_PENDING);
    List<Subscription<String>> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      all.add(pool.subscribe("t" + i % 6, String.class));
    }
    network.runUntilIdle();

    assertThat(server.subscribes()).isEqualTo(6);
    assertThat(pool.topics()).containsExactly(2, 2, 2);
    assertThat(server.subscriptions()).allMatch(topics -> topics.size() == 2);

    all.forEach(Subscription::close);
    network.runUntilIdle();
    assertThat(server.subscriptions()).allMatch(Set::isEmpty);
    assertThat(pool.topics()).containsExactly(0, 0, 0);
  }

  @Test
  void aShortAbsenceMovesNothing() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    var one = pool.subscribe("a", String.class);
    var two = pool.subscribe("b", String.class);
    network.runUntilIdle();
    List<Integer> before = pool.topics();

    server.cut(0);
    server.publish("a", "\"1\"");
    server.publish("b", "\"1\"");
    network.advance(Duration.ofSeconds(4));

    assertThat(pool.topics()).isEqualTo(before);
    assertThat(read(one)).containsExactly("1");
    assertThat(read(two)).containsExactly("1");
  }

  @Test
  void aLostMembersTopicsMoveWithoutAGapAndStay() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    List<Subscription<String>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(pool.subscribe("t" + i, String.class));
    }
    network.runUntilIdle();
    publishToAll("1");
    assertThat(pool.topics()).containsExactly(5, 5);

    back = Duration.ofMinutes(1);
    server.cut(0);
    network.runUntilIdle();
    publishToAll("2"); // half of them hear it later
    network.advance(Duration.ofSeconds(6));
    publishToAll("3");
    assertThat(pool.topics()).containsExactlyInAnyOrder(0, 10);
    for (Subscription<String> each : all) {
      assertThat(read(each)).containsExactly("1", "2", "3");
      assertThat(each.confirmed()).isCompleted();
    }

    network.advance(Duration.ofMinutes(2));
    publishToAll("4");
    assertThat(pool.ready()).isEqualTo(2);
    assertThat(pool.topics()).containsExactlyInAnyOrder(0, 10);
    assertThat(read(all.getFirst())).containsExactly("4");

    var fresh = pool.subscribe("new", String.class);
    var more = pool.subscribe("newer", String.class);
    network.runUntilIdle();
    assertThat(pool.topics()).containsExactlyInAnyOrder(1, 11);
    fresh.close();
    more.close();
    network.runUntilIdle();
  }

  @Test
  void whatWaitsToBeReadStaysInItsOrderWhenTheTopicMoves() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    var first = pool.subscribe("t", String.class, SubscriptionOptions.DEFAULT.bufferEvents(2));
    network.runUntilIdle();
    publish("t", "1", "2", "3"); // 1 gives way
    back = Duration.ofHours(1);
    server.cut(server.subscriptions().getFirst().isEmpty() ? 1 : 0);
    network.runUntilIdle();
    publish("t", "4");
    network.advance(Duration.ofSeconds(6));

    assertThat(read(first)).containsExactly("gap 0-2", "3", "4");
  }

  @Test
  void whenNobodyElseIsReadyTheTopicsWaitForWhoComesFirst() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    var one = pool.subscribe("a", String.class);
    var two = pool.subscribe("b", String.class);
    network.runUntilIdle();
    back = Duration.ofSeconds(20);
    server.cut(0);
    network.runUntilIdle();
    server.cut(0);
    network.advance(Duration.ofSeconds(10));
    publish("a", "1");
    publish("b", "1");
    assertThat(pool.ready()).isZero();

    network.advance(Duration.ofSeconds(11));

    assertThat(read(one)).containsExactly("1");
    assertThat(read(two)).containsExactly("1");
  }

  @Test
  void aMemberThatEndsForGoodLosesItsTopicsAtOnce() {
    ClientPool pool = start(2, PoolStrategy.ROUND_ROBIN);
    var one = pool.subscribe("a", String.class);
    var two = pool.subscribe("b", String.class);
    network.runUntilIdle();

    server.close(0, 4403);
    network.runUntilIdle();
    publish("a", "1");
    publish("b", "1");

    assertThat(pool.statuses()).hasAtLeastOneElementOfType(Status.Failed.class);
    assertThat(read(one)).containsExactly("1");
    assertThat(read(two)).containsExactly("1");

    server.close(0, 4403);
    network.runUntilIdle();
    assertThatThrownBy(() -> read(one)).isInstanceOf(ConnectionLostException.class);
    assertThat(pool.topics()).containsExactly(0, 0);
  }

  @Test
  void manyTopicsThatMoveAreAskedForFiftyAtATime() {
    ClientPool pool = start(2, PoolStrategy.BY_TOPIC_HASH);
    List<Subscription<String>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(pool.subscribe("t" + i, String.class));
    }
    network.runUntilIdle();
    assertThat(pool.topics()).allMatch(count -> count > 100);
    back = Duration.ofHours(1);
    server.cut(0);
    network.advance(Duration.ofSeconds(4));
    publishToAll("1");
    server.hold();
    network.advance(Duration.ofSeconds(2));

    List<Integer> batches = new ArrayList<>();
    for (int count = server.release(); count > 0; count = server.release()) {
      batches.add(count);
      network.runUntilIdle();
    }
    assertThat(batches).hasSizeBetween(3, 5).allMatch(count -> count <= 50);
    assertThat(server.subscriptions().getFirst()).hasSize(300);
    all.forEach(each -> assertThat(read(each)).containsExactly("1"));
  }

  // ---- life

  @Test
  void whenAllAreRefusedConnectSaysSo() {
    server.refuse(Refuse.with(403, ""));
    MemoryNetwork.Driving driving = network.drive();
    try {
      assertThatThrownBy(() -> builder(2).connect())
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageStartingWith("pool of 2: none can connect");
    } finally {
      driving.close();
    }
    network.advance(SECOND);
  }

  @Test
  void connectWaitsForTheFirst() {
    MemoryNetwork.Driving driving = network.drive();
    try {
      pool = builder(3).connect();
    } finally {
      driving.close();
    }
    network.runUntilIdle();
    assertThat(pool.ready()).isEqualTo(3);
    assertThat(pool.size()).isEqualTo(3);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> builder(0)).hasMessage("size: 0 (expected: 1-1000)");
    assertThatThrownBy(() -> builder(1).moveAfter(Duration.ZERO))
        .hasMessage("moveAfter: PT0S (expected: > 0, <= P1D)");
  }

  // ---- words

  private ClientPool start(int size, PoolStrategy strategy) {
    ClientPool started = builder(size).strategy(strategy).start();
    pool = started;
    network.runUntilIdle();
    return started;
  }

  private ClientPoolBuilder builder(int size) {
    return ClientPool.builder(i ->
            Client.builder(URI.create("ws://server/ws"))
                .dialer(network.dialer())
                .values(new TextValues())
                .workers(Runnable::run)
                .reconnect((failures, random) -> Optional.of(back)))
        .size(size);
  }

  private void call(ClientPool pool, int times) {
    for (int i = 0; i < times; i++) {
      var unused = pool.callAsync("echo", null, Object.class, CallOptions.DEFAULT);
    }
    network.runUntilIdle();
  }

  private void publishToAll(String text) {
    for (String topic : new HashSet<>(server.topics())) {
      publish(topic, text);
    }
  }

  private void publish(String topic, String... texts) {
    for (String text : texts) {
      server.publish(topic, "\"" + text + "\"");
      network.runUntilIdle();
    }
  }

  private static List<String> read(Subscription<String> subscription) {
    List<String> events = new ArrayList<>();
    for (var next = subscription.poll(); next.isPresent(); next = subscription.poll()) {
      events.add(
          switch (next.get()) {
            case Event.Item<String>(String value, var position) -> value;
            case Event.Gap<String>(String reason, Position from, Position to) ->
                "gap " + from.offset() + "-" + to.offset();
          });
    }
    return events;
  }
}
