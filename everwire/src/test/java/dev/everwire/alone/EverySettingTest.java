package dev.everwire.alone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.WhileAway;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.mock.Heard;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.Script;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting of a client does something that can be seen from outside. */
class EverySettingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration THREE = Duration.ofSeconds(3);

  /** Shown elsewhere: only foreign peers send messages that belong to nobody. */
  private static final String FOREIGN_ONLY = "eventBuffer";

  private final MemoryNetwork network = new MemoryNetwork();
  private final MockServer server = MockServer.in(network, "server");
  private final List<ClientEvent> events = new ArrayList<>();
  private @Nullable Client client;

  @AfterEach
  void close() {
    if (client != null) {
      CompletableFuture<Void> ended = client.closeAsync();
      network.advance(SECOND);
      assertThat(ended).isCompleted();
    }
    server.close();
  }

  /** What each setting does, by its name. */
  private static Map<String, Consumer<EverySettingTest>> shown() {
    Map<String, Consumer<EverySettingTest>> shown = new TreeMap<>();
    shown.put("reconnect", EverySettingTest::reconnect);
    shown.put("stableAfter", EverySettingTest::stableAfter);
    shown.put("dialTimeout", EverySettingTest::dialTimeout);
    shown.put("authTimeout", EverySettingTest::authTimeout);
    shown.put("authRetries", EverySettingTest::authRetries);
    shown.put("heartbeat", EverySettingTest::heartbeat);
    shown.put("requestTimeout", EverySettingTest::requestTimeout);
    shown.put("confirmWithin", EverySettingTest::confirmWithin);
    shown.put("restoreBatch", EverySettingTest::restoreBatch);
    shown.put("whileAway", EverySettingTest::whileAway);
    shown.put("subscriptionBuffer", EverySettingTest::subscriptionBuffer);
    shown.put("limits", EverySettingTest::limits);
    shown.put("transportLimits", EverySettingTest::transportLimits);
    return shown;
  }

  static Stream<String> settings() {
    return shown().keySet().stream();
  }

  @Test
  void noSettingIsLeftOut() {
    assertThat(
            Arrays.stream(ClientSettings.Builder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .filter(name -> !name.equals("build") && !name.equals(FOREIGN_ONLY)))
        .containsExactlyInAnyOrderElementsOf(shown().keySet());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSettingDoesWhatItSays(String name) {
    Consumer<EverySettingTest> test = shown().get(name);
    assertThat(test).isNotNull();
    test.accept(this);
  }

  // ---- one by one

  private void reconnect() {
    server.refuseEveryConnection(503);
    start(usual().reconnect(ReconnectPolicy.fixed(THREE)));
    assertThat(delay()).isEqualTo(THREE);
    network.advance(THREE);
    assertThat(server.dials()).isEqualTo(2);
  }

  private void stableAfter() {
    server.everyConnection(Script.everwire());
    start(
        usual()
            .reconnect(ReconnectPolicy.exponential(SECOND, Duration.ofMinutes(1), 0.0))
            .stableAfter(THREE));
    server.connection().cut();
    network.advance(SECOND);
    server.connection(1).cut();
    assertThat(delay()).isEqualTo(SECOND.multipliedBy(2));
    network.advance(SECOND.multipliedBy(2));
    network.advance(THREE);
    server.connection(2).cut();
    assertThat(delay()).isEqualTo(SECOND);
  }

  private void dialTimeout() {
    network.faults(Faults.always(Faults.Plan.NONE.answer(Faults.Answer.SILENCE)));
    Client dialling = start(usual().dialTimeout(THREE));
    network.advance(THREE.minusMillis(1));
    assertThat(dialling.status()).isInstanceOf(Status.Connecting.class);
    network.advance(Duration.ofMillis(2));
    assertThat(dialling.status()).isInstanceOf(Status.Reconnecting.class);
  }

  private void authTimeout() {
    start(usual().authTimeout(THREE)); // hello is not answered
    network.advance(THREE.minusMillis(1));
    assertThat(server.connection().open()).isTrue();
    network.advance(Duration.ofMillis(2));
    assertThat(server.connection(0).awaitClosed().code()).isEqualTo(4408);
  }

  private void authRetries() {
    server.refuseEveryConnection(401);
    Client refused =
        started(
            Client.builder(server.uri())
                .settings(usual().authRetries(1).reconnect(ReconnectPolicy.fixed(SECOND)).build())
                .tokens(renew -> "t"));
    network.advance(Duration.ofMinutes(1));
    assertThat(server.dials()).isEqualTo(2);
    assertThat(refused.status()).isInstanceOf(Status.Failed.class);
    assertThat(events)
        .filteredOn(ClientEvent.AuthenticationFailed.class::isInstance)
        .extracting(event -> ((ClientEvent.AuthenticationFailed) event).willRetry())
        .containsExactly(true, false);
  }

  private void heartbeat() {
    Client plain =
        started(
            Client.builder(server.uri())
                .plain()
                .settings(usual().heartbeat(new Heartbeat(THREE, SECOND)).build()));
    assertThat(plain.status()).isInstanceOf(Status.Ready.class);
    server.connection().goSilent();
    network.advance(THREE.plus(SECOND).plus(TransportLimits.CLIENT.closeTimeout()));
    assertThat(events)
        .filteredOn(ClientEvent.Disconnected.class::isInstance)
        .first()
        .isEqualTo(new ClientEvent.Disconnected(1, 4001, "heartbeat lost"));
  }

  private void requestTimeout() {
    server.everyConnection(Script.everwire());
    Client caller = start(usual().requestTimeout(THREE));
    CompletableFuture<@Nullable Object> call = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .start(() -> {
              try {
                call.complete(caller.call("slow", null, String.class));
              } catch (FaultException e) {
                call.completeExceptionally(e);
              }
            });
    assertThat(server.hear().calls("slow")).isTrue();
    network.advance(THREE.minusMillis(1));
    assertThat(call).isNotDone();
    network.advance(Duration.ofMillis(200));
    network.runUntil(call::isDone, Duration.ofSeconds(10));
    assertThat(call).isCompletedExceptionally();
  }

  private void confirmWithin() {
    server.everyConnection(Script.everwire());
    Subscription<String> subscription =
        start(usual().confirmWithin(THREE)).subscribe("a", String.class);
    network.advance(THREE.minusMillis(1));
    assertThat(subscription.confirmed()).isNotDone();
    network.advance(Duration.ofMillis(2));
    assertThat(subscription.confirmed()).isCompletedExceptionally();
    assertThat(events).hasAtLeastOneElementOfType(ClientEvent.SubscriptionFailed.class);
  }

  private void restoreBatch() {
    Client client = start(usual().restoreBatch(2));
    for (String topic : List.of("a", "b", "c")) {
      assertThat(client.subscribe(topic, String.class).topic()).isEqualTo(topic);
    }
    Heard hello = server.hear();
    server.connection().answer(hello, "{\"session\":\"S\",\"resumeToken\":\"R\"}");
    assertThat(server.connection().calls("rpc.subscribe")).hasSize(2);
    for (Heard asked : server.connection().calls("rpc.subscribe")) {
      server
          .connection()
          .answer(
              asked,
              "{\"topic\":" + asked.member("params", "topic") + ",\"epoch\":\"k\",\"offset\":0}");
    }
    assertThat(server.connection().calls("rpc.subscribe")).hasSize(3);
  }

  private void whileAway() {
    server.refuseEveryConnection(503);
    Client away = start(usual().whileAway(WhileAway.FAIL_FAST));
    CompletableFuture<@Nullable Object> call =
        away.callAsync("any", null, String.class, CallOptions.DEFAULT);
    network.runUntilIdle();
    assertThat(call).isCompletedExceptionally();
  }

  private void subscriptionBuffer() {
    server.everyConnection(
        Script.everwire()
            .answering("rpc.subscribe", said -> "{\"topic\":\"a\",\"epoch\":\"k\",\"offset\":0}"));
    Subscription<Integer> slow =
        start(usual().subscriptionBuffer(2, 1_000)).subscribe("a", Integer.class);
    network.runUntilIdle();
    for (int i = 1; i <= 5; i++) {
      server.connection().tell("rpc.event", "{\"topic\":\"a\",\"offset\":" + i + ",\"data\":1}");
    }
    assertThat(slow.dropped()).isEqualTo(3);
  }

  private void limits() {
    server.everyConnection(Script.everwire());
    SessionLimits one = new SessionLimits(200, 100, 2, 5, 8, 1, Duration.ofSeconds(10));
    Client caller = start(usual().limits(one));
    CompletableFuture<@Nullable Object> first =
        caller.callAsync("a", null, String.class, CallOptions.DEFAULT);
    CompletableFuture<@Nullable Object> second =
        caller.callAsync("b", null, String.class, CallOptions.DEFAULT);
    network.runUntilIdle();
    assertThat(first).isNotDone();
    assertThat(second).isCompletedExceptionally();
  }

  private void transportLimits() {
    start(usual().transportLimits(TransportLimits.CLIENT.withMaxMessageBytes(5_000)));
    Heard hello = server.hear();
    assertThat(hello.member("params", "limits", "frame")).hasToString("5000");
    server.connection().say("x".repeat(5_001));
    assertThat(server.connection(0).awaitClosed().code()).isEqualTo(1009);
  }

  // ---- what they share

  private Duration delay() {
    return client != null
            && client.status() instanceof Status.Reconnecting(int n, Duration delay, String why)
        ? delay
        : Duration.ZERO;
  }

  private static ClientSettings.Builder usual() {
    return ClientSettings.builder().reconnect(ReconnectPolicy.fixed(SECOND));
  }

  private Client start(ClientSettings.Builder settings) {
    return started(Client.builder(server.uri()).settings(settings.build()));
  }

  private Client started(ClientBuilder builder) {
    Client started =
        builder
            .dialer(network.dialer())
            .values(JacksonValues.create())
            .workers(Runnable::run)
            .random(new SplittableRandom(7))
            .onEvent(events::add)
            .start();
    client = started;
    network.runUntilIdle();
    return started;
  }
}
