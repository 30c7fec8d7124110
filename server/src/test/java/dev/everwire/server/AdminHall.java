package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server with three loops, an administrator, and people who come and go. */
final class AdminHall implements AutoCloseable {
  private static final Receiver DEAF =
      new Receiver() {
        @Override
        public void onText(ByteBuffer utf8) {}

        @Override
        public void onBinary(ByteBuffer bytes) {}

        @Override
        public void onClosed(int code, String reason) {}
      };

  final MemoryNetwork network = new MemoryNetwork();
  final Server server;
  final TestPeer admin;
  private int calls;

  AdminHall() {
    this(builder -> builder);
  }

  AdminHall(UnaryOperator<ServerBuilder> more) {
    try {
      server =
          more.apply(
                  Server.builder()
                      .listen(network.listener("server", 3))
                      .drainFor(Duration.ZERO)
                      .workers(Runnable::run)
                      .values(new TestValues())
                      .random(new Random(1))
                      .node("n")
                      .identify(handshake -> Optional.ofNullable(handshake.query().get("user")))
                      .identifyTenant(handshake -> Optional.ofNullable(handshake.query().get("of")))
                      .topic(TopicRule.named("**").publishable())
                      .raw("/raw", TransportLimits.SERVER, transport -> DEAF)
                      .administration(caller -> caller.user().filter("root"::equals).isPresent()))
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    admin = dial("?user=root");
  }

  // ---- people

  TestPeer dial(String query) {
    return TestPeer.dial(network, "ws://server/ws" + query);
  }

  Welcome hello(TestPeer peer) {
    return hello(peer, "");
  }

  /**
   * @param more members of the parameters, with a comma in front
   */
  Welcome hello(TestPeer peer, String more) {
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,"
            + "\"client\":{\"name\":\"till\",\"version\":\"1.2\"},"
            + "\"caps\":[\"ack\",\"meta\"]"
            + more
            + "}}");
    for (String text : peer.heard()) {
      RawJson message = RawJson.parse(text);
      if (String.valueOf(message.members().get("id")).equals("\"h\"")) {
        return Welcome.read(Objects.requireNonNull(message.members().get("result"), text));
      }
    }
    throw new AssertionError("no answer to hello");
  }

  Welcome resume(TestPeer peer, Welcome former) {
    return hello(
        peer,
        ",\"resume\":{\"session\":\""
            + former.session()
            + "\",\"token\":\""
            + former.resumeToken()
            + "\",\"pending\":[]}");
  }

  /** A session whose connection is lost. */
  Welcome lost(String query) {
    TestPeer peer = dial(query);
    Welcome welcome = hello(peer);
    peer.abort();
    return welcome;
  }

  /** So many sessions of nobody in particular, who say nothing more. */
  void crowd(int sessions) {
    byte[] hello =
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}"
            .getBytes(StandardCharsets.UTF_8);
    Dialer dialer = network.dialer();
    Dialer.Request request =
        new Dialer.Request(
            URI.create("ws://server/ws"),
            Map.of(),
            List.of(),
            Duration.ofSeconds(5),
            TransportLimits.CLIENT);
    for (int i = 0; i < sessions; i++) {
      dialer.dial(
          request,
          dialer.loop(),
          new Dialer.Result() {
            @Override
            public Receiver opened(Transport transport, @Nullable String subprotocol) {
              transport.loop().execute(() -> transport.sendText(ByteBuffer.wrap(hello)));
              return DEAF;
            }

            @Override
            public void failed(Dialer.Failure why) {
              throw new AssertionError(why.toString());
            }
          });
    }
    network.runUntilIdle();
  }

  void subscribe(TestPeer peer, String topic) {
    peer.call(++calls, "rpc.subscribe", "{\"topic\":\"" + topic + "\"}");
  }

  // ---- asking

  JsonMembers ask(String what, String params) {
    return ask(admin, what, params);
  }

  JsonMembers ask(TestPeer peer, String what, String params) {
    RawJson answer = peer.call(++calls, "rpc.admin." + what, params);
    return Objects.requireNonNull(answer.members().object("result"), answer.toString());
  }

  JsonMembers error(String what, String params) {
    return error(admin, what, params);
  }

  JsonMembers error(TestPeer peer, String what, String params) {
    RawJson answer = peer.call(++calls, "rpc.admin." + what, params);
    return Objects.requireNonNull(answer.members().object("error"), answer.toString());
  }

  /** Asks and expects a mistake in a parameter. */
  void refused(String what, String params, String member) {
    JsonMembers error = error(what, params);
    assertThat(error.integer("code")).as(params).isEqualTo(-32602);
    assertThat(error.string("message")).as(params).startsWith("Invalid params: " + member);
  }

  static List<JsonMembers> rows(JsonMembers answer, String name) {
    return Objects.requireNonNull(answer.get(name)).elements().stream()
        .map(RawJson::members)
        .toList();
  }

  static List<String> ids(JsonMembers answer) {
    return rows(answer, "sessions").stream().map(row -> row.string("id")).toList();
  }

  /** All sessions, page by page. */
  List<String> allSessions(String params) {
    List<String> ids = new ArrayList<>();
    String after = "";
    do {
      JsonMembers page = ask("sessions", "{" + params + after + "}");
      ids.addAll(ids(page));
      String next = page.stringOrNull("next");
      after = next == null ? "" : (params.isEmpty() ? "" : ",") + "\"after\":\"" + next + "\"";
    } while (!after.isEmpty());
    return ids;
  }

  @Override
  public void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }
}
