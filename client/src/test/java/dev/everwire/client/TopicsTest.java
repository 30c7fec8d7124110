package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.EventBuffer;
import dev.everwire.client.internal.topic.Piece;
import dev.everwire.client.internal.topic.Room;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.watch.Watchdog;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Topics that move from one connection to another, both of which are open meanwhile. */
class TopicsTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Dialer dialer = network.dialer();
  private final Loop loop = dialer.loop();
  private final ScriptedServer former = new ScriptedServer(network, "former");
  private final ScriptedServer latter = new ScriptedServer(network, "latter");
  private final List<String> failures = new ArrayList<>();
  private final Topics topics =
      new Topics(loop, new Random(1), 50, (topic, why) -> failures.add(topic + ": " + why));
  private final EventBuffer buffer = new EventBuffer(Room.of(100, 1_000), () -> {});
  private final SubscriptionReader reader =
      new SubscriptionReader("t", buffer, Runnable::run, what -> {}, () -> {});

  @Test
  void whatTheFormerConnectionStillSaysIsIgnored() {
    follow();
    event(former, 121);
    assertThat(buffer.poll()).isEqualTo(item(121));

    Connection next = dial("latter");
    run(() -> {
      topics.offline();
      topics.online(next);
    });
    String again = latter.hear();
    assertThat(again).contains("\"since\":{\"epoch\":\"k3\",\"offset\":121}");
    event(former, 122);
    gap(former, 122, 130);
    assertThat(buffer.poll()).isNull();

    latter.answer(
        again,
        "{\"topic\":\"t\",\"epoch\":\"k3\",\"offset\":122,\"recovered\":true,\"events\":["
            + "{\"offset\":122,\"data\":122}]}");
    event(former, 123); // late, and what follows it there would be lost
    event(former, 124);
    event(latter, 123);
    assertThat(buffer.poll()).isEqualTo(item(122));
    assertThat(buffer.poll()).isEqualTo(item(123));
    assertThat(buffer.poll()).isNull();
  }

  @Test
  void anAnswerThatComesOnTheFormerConnectionIsIgnored() {
    Connection first = dial("former");
    run(() -> {
      topics.online(first);
      topics.attach("t", reader, null, Duration.ofSeconds(10));
    });
    String asked = former.hear();
    Connection next = dial("latter");
    run(() -> {
      topics.offline();
      topics.online(next);
    });

    former.refuse(asked, FaultCode.FORBIDDEN);
    assertThat(buffer.ending()).isNull();
    assertThat(failures).isEmpty();

    latter.answer(latter.hear(), "{\"topic\":\"t\",\"epoch\":\"k3\",\"offset\":120}");
    assertThat(reader.confirmation()).isCompletedWithValue(new Position("k3", 120));
  }

  @Test
  void failuresAreToldOncePerSeries() {
    Connection first = dial("former");
    run(() -> {
      topics.online(first);
      topics.attach("t", reader, null, Duration.ofHours(1));
    });

    former.refuse(former.hear(), FaultCode.OVERLOADED);
    network.advance(Duration.ofSeconds(2));
    former.refuse(former.hear(), FaultCode.OVERLOADED);
    assertThat(failures).containsExactly("t: no (-32006), tried again");

    network.advance(Duration.ofSeconds(3));
    former.refuse(former.hear(), FaultCode.FORBIDDEN);
    assertThat(failures).containsExactly("t: no (-32006), tried again", "t: refused: no (-32003)");
  }

  @Test
  void aSubscriptionThatTheServerEndsHasItsFaultAndIsNotTakenUpAfterTheNextConnect() {
    follow();
    event(former, 121);
    unsubscribed("{\"topic\":\"t\",\"code\":-32003,\"reason\":\"not allowed\"}");

    assertThat(buffer.poll()).isEqualTo(item(121));
    assertThat(buffer.ending())
        .isEqualTo(new Ending.Refused(Fault.of(FaultCode.FORBIDDEN, "not allowed")));
    assertThat(failures).containsExactly("t: ended: not allowed (-32003)");
    Connection next = dial("latter");
    run(() -> {
      topics.offline();
      topics.online(next);
    });
    latter.hearNothing();
  }

  @Test
  void whatIsSaidOfAnUnknownTopicOrNotUnderstoodIsIgnored() {
    follow();
    unsubscribed("{\"topic\":\"other\",\"code\":-32003,\"reason\":\"\"}");
    unsubscribed("{\"topic\":\"t\",\"code\":\"x\"}");
    unsubscribed("{\"topic\":\"t\",\"code\":99999999999}");
    event(former, 121);

    assertThat(buffer.poll()).isEqualTo(item(121));
    assertThat(buffer.ending()).isNull();
  }

  @Test
  void aTopicThatRestsLeavesNoTimerBehindWhenTheConnectionIsLost() {
    Connection first = dial("former");
    run(() -> {
      topics.online(first);
      topics.attach("t", reader, null, Duration.ofHours(1));
    });
    String asked = former.hear();
    int before = network.timers();
    for (int i = 0; i < 5; i++) {
      former.refuse(asked, FaultCode.OVERLOADED);
      run(() -> {
        topics.offline();
        topics.online(first);
      });
      asked = former.hear();
    }

    assertThat(network.timers()).isEqualTo(before);
  }

  @Test
  void workersThatTakeNothingMakeNoUserCodeRunOnTheLoop() throws Exception {
    SubscriptionReader refused =
        new SubscriptionReader(
            "t",
            buffer,
            task -> {
              throw new RejectedExecutionException("full");
            },
            what -> {},
            () -> {});
    CompletableFuture<Thread> ran =
        refused.confirmation().thenApply(position -> Thread.currentThread());

    refused.begin(new Position("k3", 120));
    refused.confirmed();

    assertThat(ran.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
  }

  private void unsubscribed(String params) {
    former.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/unsubscribed\",\"params\":" + params + "}");
  }

  private void follow() {
    Connection first = dial("former");
    run(() -> {
      topics.online(first);
      topics.attach("t", reader, null, Duration.ofSeconds(10));
    });
    former.answer(former.hear(), "{\"topic\":\"t\",\"epoch\":\"k3\",\"offset\":120}");
  }

  private void run(Runnable task) {
    loop.execute(task);
    network.runUntilIdle();
  }

  private static void event(ScriptedServer server, long offset) {
    server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\"t\",\"offset\":"
            + offset
            + ",\"data\":"
            + offset
            + "}}");
  }

  private static void gap(ScriptedServer server, long from, long to) {
    server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/gap\",\"params\":{\"topic\":\"t\",\"from\":"
            + from
            + ",\"to\":"
            + to
            + ",\"reason\":\"trimmed\"}}");
  }

  private static Piece item(long offset) {
    return new Piece.Item(new Position("k3", offset), RawJson.number(offset));
  }

  private Connection dial(String host) {
    List<Connection> opened = new ArrayList<>();
    Dialer.Request request =
        new Dialer.Request(
            URI.create("ws://" + host + "/ws"),
            Map.of(),
            List.of(),
            Duration.ofSeconds(5),
            TransportLimits.CLIENT);
    Dialer.Result result =
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            Connection connection = connection(transport);
            opened.add(connection);
            return connection;
          }

          @Override
          public void failed(Dialer.Failure failure) {
            throw new AssertionError(failure.message());
          }
        };
    run(() -> Objects.requireNonNull(dialer.dial(request, loop, result)));
    assertThat(opened).hasSize(1);
    return opened.getFirst();
  }

  private Connection connection(Transport transport) {
    ConnectionSettings settings =
        ConnectionSettings.of(
            SessionLimits.DEFAULT,
            Heartbeat.DEFAULT,
            new TextValues(),
            Runnable::run,
            new Random(1),
            new Watchdog(Watchdog.DEFAULT_BOUND, task -> Thread.ofPlatform().daemon().start(task)));
    return new Connection(
        "c",
        transport,
        Role.CLIENT,
        settings,
        this::route,
        new JsonWriter(),
        (connection, code, reason) -> {});
  }

  private @Nullable Route route(String method) {
    return switch (method) {
      case Names.EVENT -> new Route.Inline(topics::event);
      case Names.GAP -> new Route.Inline(topics::gap);
      case Names.UNSUBSCRIBED -> new Route.Inline(topics::unsubscribed);
      default -> null;
    };
  }
}
