package dev.everwire.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.app.demo.Demo;
import dev.everwire.app.demo.RawEcho;
import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real sockets, for some tenths of a second each. */
final class BenchTest {
  // a shared machine can stand still for 200 ms
  private static final Duration SHORT = Duration.ofMillis(400);

  private static Server server;
  private static final List<Transport> EVERYBODY = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    ServerBuilder builder = Everwire.server(0).topic(TopicRule.named("**").publishable());
    new Demo().methods().forEach(builder::method);
    builder.method("count", call -> System.nanoTime());
    builder.raw("/echo", RawEcho.LIMITS, RawEcho::new);
    for (Trick trick : Trick.values()) {
      builder.raw("/" + trick, RawEcho.LIMITS, transport -> new Trickster(transport, trick));
    }
    server = builder.drainFor(Duration.ofMillis(100)).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 128, 0", "3, 32, 128, 0", "2, 2, 70000, 0", "2, 4, 5, 0", "3, 1, 40, 500"})
  void anEchoComesBackUnchanged(int connections, int depth, int size, double rate)
      throws Exception {
    Report report = bench("/echo", connections, depth, size, rate).echo(size == 5);
    assertThat(report.ok()).as(report.text()).isTrue();
    assertThat(report.text()).contains("p99.9", "nothing wrong");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 128, 0", "3, 32, 128, 0", "2, 2, 70000, 0", "3, 1, 10, 500"})
  void aCallIsAnsweredWithItsOwnParameters(int connections, int depth, int size, double rate)
      throws Exception {
    Report report = bench("/ws", connections, depth, size, rate).rpc("echo", null);
    assertThat(report.ok()).as(report.text()).isTrue();
  }

  @Test
  void aCallWithGivenParametersHasTheSameResultEveryTime() throws Exception {
    RawJson params = RawJson.parse("[\"0000000000000000\",1000000000]");
    assertThat(bench("/ws", 2, 2, 1, 0).rpc("echo", params).ok()).isTrue();
    Report report = bench("/ws", 2, 2, 1, 0).rpc("count", params);
    assertThat(report.ok()).isFalse();
    assertThat(faults(report).integer("corrupted")).isPositive();
  }

  @Test
  void aCallThatIsRefusedIsCounted() throws Exception {
    Report report = bench("/ws", 2, 2, 1, 0).rpc("foobar", null);
    assertThat(report.ok()).isFalse();
    assertThat(faults(report).integer("refused")).isPositive();
    assertThat(report.text()).contains("-32601");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 128, 0", "20, 4, 128, 0", "5, 1, 20000, 0", "20, 1, 1, 200"})
  void aPublicationReachesEverybodyInItsOrder(int subscribers, int depth, int size, double rate)
      throws Exception {
    Report report = bench("/ws", subscribers, depth, size, rate).fanout("bench/test");
    assertThat(report.ok()).as(report.text()).isTrue();
  }

  @Test
  void aServerThatSendsEverythingToEverybodyIsAFanoutToo() throws Exception {
    Report report = bench("/BROADCAST", 10, 4, 128, 0).fanout(null);
    assertThat(report.ok()).as(report.text()).isTrue();
  }

  @Test
  void idleConnectionsAreHeld() throws Exception {
    Report report = bench("/ws", 30, 1, 1, 0).idle(true);
    assertThat(report.ok()).as(report.text()).isTrue();
    assertThat(report.text()).contains("30 connections");
  }

  @Test
  void sessionsThatAreAllCutGoOn() throws Exception {
    Report report = bench("/ws", 30, 1, 1, 0, Duration.ofSeconds(20)).storm();
    assertThat(report.ok()).as(report.text()).isTrue();
    assertThat(report.text()).contains("messages    30");
  }

  @ParameterizedTest
  @CsvSource({
    "DROP, missing",
    "DOUBLE, duplicates",
    "SWAP, reordered",
    "CHANGE, corrupted",
    "BINARY, corrupted"
  })
  void whatComesBackWrongIsCounted(Trick trick, String fault) throws Exception {
    Report report = bench("/" + trick, 1, 8, 64, 0).echo(false);
    assertThat(report.ok()).isFalse();
    assertThat(faults(report).integer(fault)).as(report.text()).isPositive();
    assertThat(report.text()).contains("WRONG");
  }

  /** At depth 1 a closed loop would send five messages a second and call each of them slow. */
  @Test
  void anOpenLoopCountsFromWhenAMessageWasDue() throws Exception {
    Report report = bench("/HOLD", 1, 1, 64, 200, Duration.ofSeconds(1)).echo(false);
    JsonMembers json = RawJson.parse(report.json()).members();
    assertThat(report.ok()).as(report.text()).isTrue();
    assertThat(json.integer("messages")).isGreaterThan(50);
    assertThat(Double.parseDouble(String.valueOf(latency(json).get("p90")))).isGreaterThan(50_000);
  }

  @Test
  void aConnectionThatEndsEndsTheBenchmark() {
    assertThatThrownBy(() -> bench("/CLOSE", 2, 1, 64, 0).echo(false))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("4000");
    assertThatThrownBy(() -> bench("/nowhere", 1, 1, 64, 0).echo(false))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("404");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1, 0", "1, 0, 1, 0", "1, 1, 0, 0", "1, 1, 1, -1", "1, 10000, 1000000, 0"})
  void aLoadHasBounds(int connections, int depth, int size, double rate) {
    assertThatThrownBy(() -> bench("/echo", connections, depth, size, rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  private static JsonMembers faults(Report report) {
    return members(RawJson.parse(report.json()).members(), "faults");
  }

  private static JsonMembers latency(JsonMembers json) {
    return members(json, "latency");
  }

  private static JsonMembers members(JsonMembers json, String name) {
    JsonMembers members = json.object(name);
    assertThat(members).isNotNull();
    return members;
  }

  private static SelfClosing bench(String path, int connections, int depth, int size, double rate) {
    return bench(path, connections, depth, size, rate, SHORT);
  }

  private static SelfClosing bench(
      String path, int connections, int depth, int size, double rate, Duration duration) {
    URI uri = URI.create("ws://127.0.0.1:" + server.port() + path);
    return new SelfClosing(
        new Plan(uri, connections, depth, size, rate, Duration.ofMillis(50), duration));
  }

  /** A benchmark with a dialer of its own. */
  private record SelfClosing(Plan plan) {
    Report echo(boolean binary) throws InterruptedException {
      try (var dialer = NettyDialer.create()) {
        return bench(dialer).echo(binary);
      }
    }

    Report rpc(String method, @Nullable RawJson params) throws InterruptedException {
      try (var dialer = NettyDialer.create()) {
        return bench(dialer).rpc(method, params);
      }
    }

    Report fanout(@Nullable String topic) throws InterruptedException {
      try (var dialer = NettyDialer.create()) {
        return bench(dialer).fanout(topic);
      }
    }

    Report storm() throws InterruptedException {
      try (var dialer = NettyDialer.create()) {
        return bench(dialer).storm();
      }
    }

    Report idle(boolean hello) throws InterruptedException {
      try (var dialer = NettyDialer.create()) {
        return new Bench(plan, "idle", dialer, null, line -> {}).idle(hello, false);
      }
    }

    private Bench bench(NettyDialer dialer) {
      return new Bench(plan, "test", dialer, null, line -> {});
    }
  }

  enum Trick {
    DROP,
    DOUBLE,
    SWAP,
    CHANGE,
    BINARY,
    HOLD,
    CLOSE,
    BROADCAST
  }

  /** An echo that does something else with the fifth message, or with all. */
  private static final class Trickster implements Receiver {
    private static final long HOLD_NANOS = Duration.ofMillis(200).toNanos();

    private final Transport transport;
    private final Trick trick;
    private final List<byte[]> held = new ArrayList<>();
    private int count;

    Trickster(Transport transport, Trick trick) {
      this.transport = transport;
      this.trick = trick;
      EVERYBODY.add(transport);
    }

    @Override
    public void onText(ByteBuffer utf8) {
      byte[] text = new byte[utf8.remaining()];
      utf8.get(text);
      boolean fifth = ++count == 5;
      switch (trick) {
        case DROP -> {
          if (!fifth) {
            send(text);
          }
        }
        case DOUBLE -> {
          send(text);
          if (fifth) {
            send(text);
          }
        }
        case SWAP -> {
          if (fifth) {
            held.add(text);
          } else {
            send(text);
            held.forEach(this::send);
            held.clear();
          }
        }
        case CHANGE -> {
          if (fifth) {
            text[text.length - 1] ^= 1;
          }
          send(text);
        }
        case BINARY -> {
          if (fifth) {
            transport.sendBinary(ByteBuffer.wrap(text));
          } else {
            send(text);
          }
        }
        case HOLD -> hold(text);
        case CLOSE -> transport.close(4000, "enough");
        case BROADCAST ->
            EVERYBODY.forEach(one -> one.loop().execute(() -> one.sendText(ByteBuffer.wrap(text))));
      }
    }

    private void hold(byte[] text) {
      held.add(text);
      if (held.size() == 1) {
        transport
            .loop()
            .schedule(
                HOLD_NANOS,
                () -> {
                  held.forEach(this::send);
                  held.clear();
                });
      }
    }

    private void send(byte[] text) {
      transport.sendText(ByteBuffer.wrap(text));
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      EVERYBODY.remove(transport);
    }
  }
}
