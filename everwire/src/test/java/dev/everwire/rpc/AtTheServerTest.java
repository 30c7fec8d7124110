package dev.everwire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.session.Handler;
import dev.everwire.session.Peer;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server, to raw clients. */
class AtTheServerTest extends PeerContract {
  private final List<String> gone = new ArrayList<>();
  private boolean failing;
  private @Nullable Server server;
  private @Nullable Peer peer;

  @Override
  RawEnd connected(Map<String, Handler> methods) {
    ServerBuilder builder =
        Server.builder()
            .listen(network.listener("server"))
            .values(JacksonValues.create())
            .workers(work::add)
            .random(new SplittableRandom(1))
            .drainFor(Duration.ZERO)
            .transportLimits(TransportLimits.SERVER.withMaxMessageBytes(10_000))
            .onDisconnect(caller -> {
              gone.add(caller.connectionId());
              if (failing) {
                throw new IllegalStateException("on purpose");
              }
            })
            .method(
                "join",
                call -> {
                  peer = call.caller().peer();
                  return true;
                });
    methods.forEach(builder::method);
    try {
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return joined();
  }

  private RawEnd joined() {
    RawEnd end = RawEnd.dial(network);
    end.say("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"join\"}");
    settle();
    assertThat(end.hear()).contains("true");
    return end;
  }

  @Override
  Peer peer() {
    return Objects.requireNonNull(peer);
  }

  @Override
  RawEnd connectedAgain(RawEnd former) {
    return RawEnd.dial(network);
  }

  @AfterEach
  void close() {
    if (server != null) {
      var unused = server.drain();
      network.advance(Duration.ofSeconds(10));
      settle();
      server.close();
    }
  }

  private int connections() {
    return Objects.requireNonNull(server).connections();
  }

  @Test
  void aMessageThatIsTooLongEndsTheConnectionWith1009AndNothingIsLeftOfIt() {
    RawEnd end = connected(Map.of());
    RawEnd other = joined();

    end.say("[\"" + "x".repeat(10_001) + "\"]");
    settle();

    assertThat(end.closeCode()).isEqualTo(1009);
    assertThat(connections()).isOne();
    assertThat(gone).hasSize(1);
    other.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"join\"}");
    settle();
    assertThat(other.hear()).contains("true");
  }

  @Test
  void everyEndIsToldOnceAndOneWhoFailsToListenHurtsNobody() {
    failing = true;
    RawEnd normal = connected(Map.of());
    RawEnd abnormal = joined();
    RawEnd stays = joined();

    normal.close(1000, "done");
    abnormal.cut();
    settle();

    assertThat(gone).hasSize(2).doesNotHaveDuplicates();
    assertThat(connections()).isOne();
    stays.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"join\"}");
    settle();
    assertThat(stays.hear()).contains("true");
  }

  @Test
  void connectionsThatComeAndGoQuicklyLeaveNothing() {
    RawEnd first = connected(Map.of());
    for (int i = 0; i < 500; i++) {
      RawEnd end = RawEnd.dial(network);
      end.say("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"join\"}");
      if (i % 2 == 0) {
        end.cut();
      } else {
        end.close(1000, "");
      }
    }
    settle();

    assertThat(connections()).isOne();
    assertThat(gone).hasSize(500).doesNotHaveDuplicates();
    first.hearNothing();
  }

  @Test
  void aSubprotocolIsSelectedOnlyAmongThoseOffered() {
    connected(Map.of());

    assertThat(RawEnd.dial(network).subprotocol()).isNull();
    assertThat(RawEnd.dial(network, "chat", "superchat").subprotocol()).isNull();
    assertThat(RawEnd.dial(network, "everwire.v1.json").subprotocol())
        .isEqualTo("everwire.v1.json");
    assertThat(RawEnd.dial(network, "chat", "everwire.v1.json", "superchat").subprotocol())
        .isEqualTo("everwire.v1.json");
  }
}
