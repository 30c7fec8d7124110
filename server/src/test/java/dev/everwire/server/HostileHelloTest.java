package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hellos and acknowledgements that mean no good: each is answered or ignored, and costs nobody. */
final class HostileHelloTest {
  private static final String MANY =
      LongStream.rangeClosed(1, 100_000).mapToObj(Long::toString).collect(Collectors.joining(","));

  private final MemoryNetwork network = new MemoryNetwork();
  private final Server server = start();

  private Server start() {
    try {
      return Server.builder()
          .listen(network.listener("server", 2))
          .values(new TestValues())
          .random(new Random(1))
          .drainFor(Duration.ZERO)
          .method("echo", call -> call.params().get(0, "n", int.class))
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  private TestPeer dial() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  private static String hello(String more) {
    return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":[\"ack\"]"
        + more
        + "}}";
  }

  @Test
  void hellosWithoutEndAreRefusedOneByOne() {
    TestPeer peer = dial();
    peer.send(hello(""));
    assertThat(peer.heard()).singleElement().asString().contains("\"session\"");
    for (int i = 0; i < 1_000; i++) {
      peer.queue(hello(""));
    }
    network.runUntilIdle();
    assertThat(peer.heard()).hasSize(1_000).allMatch(text -> text.contains("-32600"));
    assertThat(server.connections()).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "7",
        "[]",
        "{\"session\":\"s\"}",
        "{\"session\":7,\"token\":\"t\"}",
        "{\"session\":\"s\",\"token\":null}",
        "{\"session\":\"s\",\"token\":\"t\",\"pending\":7}",
        "{\"session\":\"s\",\"token\":\"t\",\"pending\":[\"x\"]}",
        "{\"session\":\"s\",\"token\":\"t\",\"pending\":[1e99]}",
        "{\"session\":\"s\",\"token\":\"t\",\"pending\":[[]]}"
      })
  void aResumeThatIsNoneIsRefusedByNameAndTheNextHelloIsHeard(String resume) {
    TestPeer peer = dial();
    peer.send(hello(",\"resume\":" + resume));
    assertThat(peer.heard()).singleElement().asString().contains("-32602", "Invalid params");
    peer.send(hello(""));
    assertThat(peer.heard()).singleElement().asString().contains("\"session\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v1", "v1...", "v1.k.e30.AAAA", "v9.k.e30.AAAA", "....", "\\u0000", "\\ud800"})
  void aTokenThatIsNoneGivesAFreshSession(String token) {
    TestPeer peer = dial();
    peer.send(hello(",\"resume\":{\"session\":\"s\",\"token\":\"" + token + "\",\"pending\":[1]}"));
    assertThat(peer.heard())
        .singleElement()
        .asString()
        .contains("\"resumed\":false", "\"1\":\"unknown\"");
    assertThat(server.connections()).isOne();
  }

  @Test
  void aTokenOfGreatLengthGivesAFreshSession() {
    TestPeer peer = dial();
    peer.send(
        hello(",\"resume\":{\"session\":\"s\",\"token\":\"v1." + "x".repeat(500_000) + "\"}"));
    assertThat(peer.heard()).singleElement().asString().contains("\"resumed\":false");
  }

  @Test
  void aHundredThousandPendingCallsAreRefused() {
    TestPeer peer = dial();
    peer.send(hello(",\"resume\":{\"session\":\"s\",\"token\":\"t\",\"pending\":[" + MANY + "]}"));
    assertThat(peer.heard()).singleElement().asString().contains("-32602", "pending");
    assertThat(peer.open()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "{}",
        "{\"calls\":7}",
        "{\"calls\":{\"upTo\":-1}}",
        "{\"calls\":{\"upTo\":\"x\"}}",
        "{\"calls\":{\"upTo\":9007199254740991}}",
        "{\"calls\":{\"also\":[\"x\"]}}",
        "{\"calls\":{\"also\":[9007199254740991,0,-5]}}",
        "{\"inbox\":-1}",
        "{\"inbox\":9007199254740991}",
        "{\"topics\":{\"a\":1}}"
      })
  void anAcknowledgementOfNonsenseIsNotAnsweredAndHarmsNothing(String params) {
    TestPeer peer = dial();
    peer.send(hello(""));
    peer.heard();
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":" + params + "}");
    assertThat(peer.heard().toString()).doesNotContain("result");
    assertThat(answered(peer, 1)).contains("\"result\":1");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":" + params + "}");
    assertThat(answered(peer, 2)).contains("\"result\":2");
  }

  @Test
  void anAcknowledgementOfAHundredThousandCallsIsIgnored() {
    TestPeer peer = dial();
    peer.send(hello(""));
    peer.heard();
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":{\"calls\":{\"also\":["
            + MANY
            + "]}}}");
    assertThat(answered(peer, 1)).contains("\"result\":1");
  }

  private String answered(TestPeer peer, int id) {
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[" + id + "]}");
    network.runUntil(() -> peer.heardBoth("\"id\":" + id + ",", ""), Duration.ofSeconds(10));
    RawJson response = peer.response(id);
    return response.toString();
  }

  @Test
  void tenThousandHellosThatAreCutBeforeTheirAnswerLeaveNothing() {
    Dialer dialer = network.dialer();
    for (int i = 0; i < 10_000; i++) {
      dialer.dial(
          new Dialer.Request(
              URI.create("ws://server/ws"),
              Map.of(),
              List.of(),
              Duration.ofSeconds(5),
              TransportLimits.CLIENT),
          dialer.loop(),
          new Brief());
      if (i % 500 == 0) {
        network.runUntilIdle();
      }
    }
    network.runUntilIdle();
    assertThat(server.connections()).isZero();
    assertThat(server.registry().count()).isZero();
    network.advance(Duration.ofMinutes(5));
    assertThat(network.timers()).isLessThan(10);
  }

  /** Says hello and is gone in the same breath. */
  private static final class Brief implements Dialer.Result, Receiver {
    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      var unused = transport.sendText(ByteBuffer.wrap(hello("").getBytes(StandardCharsets.UTF_8)));
      transport.loop().execute(transport::abort);
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
