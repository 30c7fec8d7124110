package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings of a whole server make a difference to those who connect, each by itself. */
final class OptionsActTest {
  private static final ResumeSettings RESUME = ResumeSettings.DEFAULT;

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Server> servers = new ArrayList<>();

  private void start(String name, UnaryOperator<ServerBuilder> with) {
    try {
      servers.add(
          with.apply(
                  Server.builder()
                      .listen(network.listener(name, 2))
                      .values(new TestValues())
                      .random(new Random(name.hashCode()))
                      .drainFor(Duration.ZERO)
                      .workers(Runnable::run)
                      .identify(handshake -> Optional.ofNullable(handshake.query().get("user")))
                      .method("add", call -> 5))
              .start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    servers.forEach(Server::close);
    driving.close();
  }

  private TestPeer dial(String name) {
    return TestPeer.dial(network, "ws://" + name + "/ws");
  }

  private Welcome hello(String name, String more) {
    return hello(dial(name), more);
  }

  private static Welcome hello(TestPeer peer, String more) {
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"rpc.hello\","
            + "\"params\":{\"v\":1,\"caps\":[\"ack\"]"
            + more
            + "}}");
    RawJson result = peer.response(0).members().get("result");
    if (result == null) {
      throw new AssertionError("refused");
    }
    return Welcome.read(result);
  }

  private static String resume(Welcome former) {
    return ",\"resume\":{\"session\":\""
        + former.session()
        + "\",\"token\":\""
        + former.resumeToken()
        + "\"}";
  }

  /** A session whose connection is lost. */
  private Welcome lost(String name, String query) {
    TestPeer peer = TestPeer.dial(network, "ws://" + name + "/ws" + query);
    Welcome welcome = hello(peer, "");
    peer.abort();
    return welcome;
  }

  @Test
  void theWindowSaysHowLongALostSessionIsKept() {
    start("short", builder -> builder.resume(RESUME.within(Duration.ofSeconds(10))));
    start("usual", builder -> builder);
    Welcome brief = lost("short", "");
    Welcome usual = lost("usual", "");
    network.advance(Duration.ofSeconds(11));
    assertThat(hello("short", resume(brief)).reason()).isEqualTo("lost");
    assertThat(hello("usual", resume(usual)).resumed()).isTrue();
    assertThat(brief.resumeWindowMs()).isEqualTo(10_000);
  }

  @Test
  void theLifeOfATokenSaysHowLongItIsWorthAnything() {
    ResumeSettings brief = RESUME.within(Duration.ofSeconds(10)).tokenLife(Duration.ofSeconds(20));
    start("short", builder -> builder.resume(brief));
    start("usual", builder -> builder.resume(RESUME.within(Duration.ofSeconds(10))));
    Welcome ended = lost("short", "?user=ann");
    Welcome usual = lost("usual", "?user=ann");
    network.advance(Duration.ofSeconds(21));
    assertThat(hello("short", resume(ended)).reason()).isEqualTo("expired");
    assertThat(hello("usual", resume(usual)).user()).isEqualTo("ann");
  }

  @Test
  void aTokenIsWorthSomethingWhereItsKeyIsKnown() {
    ResumeKeys keys = ResumeKeys.random(new Random(1));
    start("one", builder -> builder.resume(RESUME.keys(keys)));
    start("two", builder -> builder.resume(RESUME.keys(keys)));
    start("other", builder -> builder);
    Welcome welcome = lost("one", "?user=a.b.c");

    Welcome stranger = hello("other", resume(welcome));
    Welcome known = hello("two", resume(welcome));

    assertThat(stranger.user()).isNull();
    assertThat(known.resumed()).isFalse();
    assertThat(known.reason()).isEqualTo("lost");
    assertThat(known.user()).isEqualTo("a.b.c");
  }

  @Test
  void aTokenThatWasReplacedElsewhereIsRefusedWhereNodesShareWhatWasUsed() {
    ResumeKeys keys = ResumeKeys.random(new Random(1));
    try (MemoryNonceStore shared = new MemoryNonceStore()) {
      start("one", builder -> builder.resume(RESUME.keys(keys).nonces(shared)));
      start("two", builder -> builder.resume(RESUME.keys(keys).nonces(shared)));
      start("apart", builder -> builder.resume(RESUME.keys(keys)));
      Welcome together = lost("one", "");
      Welcome alone = lost("apart", "");
      for (Welcome welcome : List.of(together, alone)) {
        hello("two", resume(hello("two", resume(welcome))));
      }
      assertThat(hello("one", resume(together)).resumed()).isFalse();
      assertThat(hello("apart", resume(alone)).resumed()).isTrue();
    }
  }

  @Test
  void theConnectionsOfAnAddressShareWhatItMay() {
    InboundRates two = InboundRates.UNLIMITED.address(InboundRates.Bounds.messages(1, 2));
    start("bounded", builder -> builder.inboundRates(two));
    start("usual", builder -> builder);
    assertThat(served("bounded")).isEqualTo(2);
    assertThat(served("usual")).isEqualTo(6);
  }

  /** How many of six calls over three connections. */
  private int served(String name) {
    int served = 0;
    for (int i = 0; i < 3; i++) {
      TestPeer peer = dial(name);
      for (int id = 1; id <= 2; id++) {
        served += peer.call(id, "add", "[]").members().get("error") == null ? 1 : 0;
      }
    }
    return served;
  }

  @Test
  void aNodeTakesNoMoreNewConnectionsThanItsRateAndBurstAllow() {
    start(
        "bounded",
        builder -> builder.connectionLimits(ConnectionLimits.DEFAULT.withRatePerNode(1, 3)));
    for (int i = 0; i < 3; i++) {
      assertThat(dial("bounded").open()).isTrue();
    }
    assertThat(dial("bounded").failure().status()).isEqualTo(503);
    network.advance(Duration.ofSeconds(1));
    assertThat(dial("bounded").open()).isTrue();
    assertThat(dial("bounded").open()).isFalse();
  }
}
