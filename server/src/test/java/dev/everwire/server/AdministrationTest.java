package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Caller;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code rpc.admin.*}, as section "Administration" of the protocol says, with three loops. */
final class AdministrationTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
  private final List<Server> servers = new ArrayList<>();
  private int calls;

  private TestPeer admin(Predicate<Caller> allowed) {
    try {
      servers.add(
          Server.builder()
              .listen(network.listener("server", 3))
              .drainFor(Duration.ZERO)
              .values(new TestValues())
              .random(new Random(1))
              .node("n-1")
              .topic(TopicRule.named("**").publishable())
              .raw("/echo", TransportLimits.SERVER, Echo::new)
              .administration(allowed)
              .onDisconnect(caller -> ended.add(caller.connectionId()))
              .start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return dial();
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    servers.forEach(Server::close);
    driving.close();
  }

  @Test
  void nobodyMayUnlessSaid() throws IOException {
    servers.add(
        Server.builder()
            .listen(network.listener("server"))
            .drainFor(Duration.ZERO)
            .values(new TestValues())
            .start());
    TestPeer peer = dial();
    for (String method : List.of("stats", "connections", "topics")) {
      assertThat(code(peer, method, "{}")).as(method).isEqualTo(-32003);
    }
    assertThat(code(peer, "other", "{}")).isEqualTo(-32601);
  }

  @Test
  void whoMayIsAskedForEachCall() {
    TestPeer first = admin(caller -> caller.connectionId().equals("n-1-1"));
    TestPeer second = dial();
    assertThat(ask(first, "stats", "{}").integer("connections")).isEqualTo(2);
    assertThat(code(second, "stats", "{}")).isEqualTo(-32003);
  }

  @Test
  void figuresFollowWhatHappensAndReturnToNothing() {
    TestPeer admin = admin(caller -> true);
    TestPeer session = dial();
    session.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    subscribe(session, "a");
    subscribe(session, "b");
    subscribe(session, "b"); // in place of the former
    subscribe(admin, "a");
    admin.call(++calls, "rpc.publish", "{\"topic\":\"b\",\"data\":1}");
    TestPeer raw = TestPeer.dial(network, "ws://server/echo");
    raw.send("1234567");

    JsonMembers busy = ask(admin, "stats", "{}");
    assertThat(busy.string("node")).isEqualTo("n-1");
    assertThat(busy.integer("connections")).isEqualTo(3);
    assertThat(busy.integer("sessions")).isOne();
    assertThat(busy.integer("topics")).isEqualTo(2);
    assertThat(busy.integer("subscriptions")).isEqualTo(3);
    assertThat(busy.integer("publications")).isOne();
    assertThat(busy.integer("messagesIn")).isEqualTo(8); // this call among them
    assertThat(busy.integer("messagesOut")).isEqualTo(8); // one event among them
    assertThat(busy.integer("bytesIn")).isGreaterThan(7);
    assertThat(busy.integer("uptimeMs")).isNotNegative();
    assertThat(busy.integer("timeMs")).isNotNegative();

    session.close();
    raw.abort();
    admin.call(++calls, "rpc.unsubscribe", "{\"topic\":\"a\"}");
    JsonMembers idle = ask(admin, "stats", "{}");
    assertThat(idle.integer("connections")).isOne();
    assertThat(idle.integer("sessions")).isZero();
    assertThat(idle.integer("topics")).isZero();
    assertThat(idle.integer("subscriptions")).isZero();
    assertThat(rows(ask(admin, "topics", "{}"), "topics")).isEmpty();
  }

  @Test
  void aConnectionIsShownAsItIs() {
    TestPeer admin = admin(caller -> true);
    TestPeer session = dial();
    session.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    subscribe(session, "a");
    TestPeer.dial(network, "ws://server/echo");
    network.advance(Duration.ofSeconds(2));

    List<JsonMembers> rows = rows(ask(admin, "connections", "{}"), "connections");
    assertThat(rows).extracting(row -> row.string("id")).containsExactly("n-1-1", "n-1-2", "n-1-3");
    assertThat(rows)
        .extracting(row -> row.bool("established", false))
        .containsExactly(false, true, false);
    assertThat(rows)
        .extracting(row -> row.stringOrNull("session") == null)
        .containsExactly(true, false, true);
    assertThat(rows).extracting(row -> row.integer("subscriptions")).containsExactly(0L, 1L, 0L);
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.string("remote")).isNotEmpty();
          assertThat(row.integer("connectedMs")).isBetween(2_000L, 3_000L);
          assertThat(row.integer("queuedBytes")).isNotNegative();
          assertThat(row.integer("inbound")).isNotNegative();
        });
  }

  @Test
  void connectionsComeInPagesInTheirOrder() {
    TestPeer admin = admin(caller -> true);
    List<TestPeer> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      others.add(dial());
    }
    JsonMembers first = ask(admin, "connections", "{\"limit\":3}");
    assertThat(ids(first, "connections", "id")).containsExactly("n-1-1", "n-1-2", "n-1-3");
    assertThat(first.string("next")).isEqualTo("n-1-3");

    others.get(1).close(); // n-1-3: the place holds although its row is gone
    JsonMembers second = ask(admin, "connections", "{\"limit\":3,\"after\":\"n-1-3\"}");
    assertThat(ids(second, "connections", "id")).containsExactly("n-1-4", "n-1-5", "n-1-6");
    JsonMembers last = ask(admin, "connections", "{\"limit\":3,\"after\":\"n-1-6\"}");
    assertThat(ids(last, "connections", "id")).containsExactly("n-1-7");
    assertThat(last.stringOrNull("next")).isNull();
  }

  @Test
  void topicsComeInPagesByName() {
    TestPeer admin = admin(caller -> true);
    TestPeer other = dial();
    for (String topic : List.of("d", "b", "a", "c", "e")) {
      subscribe(admin, topic);
    }
    subscribe(other, "b");
    admin.call(++calls, "rpc.publish", "{\"topic\":\"b\",\"data\":1}");

    JsonMembers first = ask(admin, "topics", "{\"limit\":2}");
    assertThat(ids(first, "topics", "topic")).containsExactly("a", "b");
    JsonMembers b = rows(first, "topics").get(1);
    assertThat(b.integer("subscribers")).isEqualTo(2);
    assertThat(b.integer("offset")).isOne();
    assertThat(b.string("epoch")).isNotEmpty();
    assertThat(first.string("next")).isEqualTo("b");
    JsonMembers last = ask(admin, "topics", "{\"limit\":200,\"after\":\"b\"}");
    assertThat(ids(last, "topics", "topic")).containsExactly("c", "d", "e");
    assertThat(last.stringOrNull("next")).isNull();
  }

  @Test
  void aPageNeverHoldsMoreThanTwoHundred() {
    TestPeer admin = admin(caller -> true);
    for (int i = 0; i < 201; i++) {
      dial();
    }
    assertThat(ids(ask(admin, "connections", "{\"limit\":100000}"), "connections", "id"))
        .hasSize(200);
  }

  @Test
  void whatCannotBeAPageIsRefused() {
    TestPeer admin = admin(caller -> true);
    assertThat(code(admin, "connections", "{\"limit\":0}")).isEqualTo(-32602);
    assertThat(code(admin, "connections", "{\"after\":\"x\"}")).isEqualTo(-32602);
    assertThat(code(admin, "topics", "{\"after\":7}")).isEqualTo(-32602);
    assertThat(code(admin, "topics", "[1]")).isEqualTo(-32602);
  }

  @Test
  void theEndOfAConnectionIsTold() throws InterruptedException {
    admin(caller -> true);
    dial().close();
    assertThat(ended.take()).isEqualTo("n-1-2");
    assertThat(ended).isEmpty();
  }

  private TestPeer dial() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  private void subscribe(TestPeer peer, String topic) {
    peer.call(++calls, "rpc.subscribe", "{\"topic\":\"" + topic + "\"}");
  }

  private JsonMembers ask(TestPeer peer, String what, String params) {
    RawJson answer = peer.call(++calls, "rpc.admin." + what, params);
    return Objects.requireNonNull(answer.members().object("result"), answer.toString());
  }

  private long code(TestPeer peer, String what, String params) {
    RawJson answer = peer.call(++calls, "rpc.admin." + what, params);
    return Objects.requireNonNull(answer.members().object("error")).integer("code");
  }

  private static List<JsonMembers> rows(JsonMembers answer, String name) {
    return Objects.requireNonNull(answer.get(name)).elements().stream()
        .map(RawJson::members)
        .toList();
  }

  private static List<String> ids(JsonMembers answer, String name, String id) {
    return rows(answer, name).stream().map(row -> row.string(id)).toList();
  }

  private record Echo(Transport transport) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      transport.sendText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
