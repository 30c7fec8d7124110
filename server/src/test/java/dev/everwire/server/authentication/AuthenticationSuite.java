package dev.everwire.server.authentication;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.TestPeer;
import dev.everwire.server.TestValues;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A server that believes in {@link Tokens}, and peers that are spoken for by hand. */
abstract class AuthenticationSuite {
  static final String WS = "ws://server/ws";
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
  final Tokens tokens = new Tokens();
  final List<String> besides = new ArrayList<>(); // heard with answers to hello
  private @Nullable Server server;

  final Server serve(UnaryOperator<Authentication> terms) {
    return serve(terms, builder -> builder);
  }

  final Server serve(UnaryOperator<Authentication> terms, UnaryOperator<ServerBuilder> more) {
    try {
      Server started =
          more.apply(
                  Server.builder()
                      .listen(network.listener("server", 2))
                      .drainFor(Duration.ZERO)
                      .values(new TestValues())
                      .random(new Random(1))
                      .node("n1")
                      .workers(Runnable::run)
                      .authentication(terms.apply(Authentication.by(tokens)))
                      .topic(TopicRule.named("**").publishable())
                      .raw("/raw", TransportLimits.SERVER, transport -> DEAF)
                      .method(
                          "who",
                          call ->
                              call.caller().user().orElse("nobody")
                                  + " "
                                  + new TreeSet<>(call.caller().roles())))
              .start();
      server = started;
      return started;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  final void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  final TestPeer dial(String... headers) {
    return headers.length == 0
        ? TestPeer.dial(network, WS)
        : TestPeer.dial(network, WS, Map.of(headers[0], headers[1]));
  }

  final TestPeer bearing(String token) {
    return dial("authorization", "Bearer " + token);
  }

  final TestPeer comingBack(String token) {
    return TestPeer.dial(
        network, WS, Map.of("authorization", "Bearer " + token, "everwire-resume", "1"));
  }

  final Instant in(Duration time) {
    return network.time().wallTime().plus(time);
  }

  static String who(TestPeer peer) {
    return peer.call(7, "who", "[]").toString();
  }

  final @Nullable RawJson hello(TestPeer peer, String members) {
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":[\"ack\"]"
            + members
            + "}}");
    RawJson answer = null;
    for (String text : peer.heard()) {
      if (text.contains("\"id\":\"h\"")) {
        answer = RawJson.parse(text);
      } else {
        besides.add(text);
      }
    }
    return answer;
  }

  /** Time passes, and the peer is alive. */
  final void pass(TestPeer peer, int seconds) {
    for (int left = seconds; left > 0; left -= 10) {
      network.advance(Duration.ofSeconds(Math.min(10, left)));
      if (peer.open()) {
        peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
      }
    }
  }

  final Welcome welcome(TestPeer peer, String members) {
    RawJson answer = hello(peer, members);
    RawJson result = answer == null ? null : answer.members().get("result");
    if (result == null) {
      throw new AssertionError(String.valueOf(answer));
    }
    return Welcome.read(result);
  }

  static String resuming(Welcome former) {
    return ",\"resume\":{\"session\":\""
        + former.session()
        + "\",\"token\":\""
        + former.resumeToken()
        + "\",\"pending\":[]}";
  }
}
