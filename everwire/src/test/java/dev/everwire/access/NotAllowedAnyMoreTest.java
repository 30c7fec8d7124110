package dev.everwire.access;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client and server, while what is allowed changes. */
class NotAllowedAnyMoreTest {
  private static final AccessRules ALL =
      AccessRules.of(
          AccessRule.allow(Action.SUBSCRIBE, Action.CALL, Action.PUBLISH).on("**").toAnyone());
  private static final AccessRules NEWS =
      AccessRules.of(AccessRule.allow(Action.SUBSCRIBE).on("news").toAnyone());

  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("clock").unstarted(task));
  private final List<String> audited = new CopyOnWriteArrayList<>();
  private Server server;
  private Client client;

  @BeforeEach
  void begin() throws IOException {
    clock.scheduleAtFixedRate(
        () -> network.advance(Duration.ofMillis(5)), 5, 5, TimeUnit.MILLISECONDS);
    server =
        Server.builder()
            .listen(network.listener("server"))
            .values(JacksonValues.create())
            .drainFor(Duration.ZERO)
            .topic(TopicRule.named("**").publishable())
            .method("add", call -> 5)
            .authoriser(ALL)
            .audit(event -> audited.add(event.getClass().getSimpleName()))
            .start();
    client =
        Client.builder(URI.create("ws://server/ws"))
            .ownDialer(network::dialer)
            .values(JacksonValues.create())
            .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(10)))
            .connect();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
    clock.shutdownNow();
  }

  @Test
  void aSubscriptionThatIsTakenBackThrowsItsFaultAndTheOthersGoOn() throws Exception {
    Subscription<Integer> news = client.subscribe("news", Integer.class);
    Subscription<Integer> secret = client.subscribe("secret", Integer.class);
    news.confirmed().get(10, SECONDS);
    secret.confirmed().get(10, SECONDS);

    server.access().authoriser(NEWS);

    assertThatThrownBy(secret::next)
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().code()).isEqualTo(FaultCode.FORBIDDEN);
              assertThat(e.fault().message()).isEqualTo("not allowed");
            });
    server.topics().publish("secret", 1);
    server.topics().publish("news", 2);
    assertThat(news.next()).isInstanceOf(Event.Item.class);
    assertThat(secret.confirmed()).isCompleted();

    // It is not asked for again on the next connection.
    audited.clear();
    server.registry().close(Targets.all(), CloseCode.SERVICE_RESTART, "again").get(10, SECONDS);
    server.topics().publish("news", 3);
    assertThat(news.next()).isInstanceOf(Event.Item.class);
    assertThat(client.subscribe("news", Integer.class).confirmed()).succeedsWithin(WITHIN);
    assertThat(audited).doesNotContain("Denied");
  }

  @Test
  void aCallThatIsNotAllowedIsAFault() {
    assertThat(client.call("add", null, Integer.class)).isEqualTo(5);
    server.access().authoriser(NEWS);

    assertThatThrownBy(() -> client.call("add", null, Integer.class))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.FORBIDDEN));
  }
}
