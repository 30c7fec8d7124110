package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.options.Compression;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that compress, in every way they can, with a server that does. */
@ParameterizedClass
@MethodSource("pairs")
@ExtendWith(Clients.Shared.class)
final class CompressionIT extends EchoContract {

  /** How the server is set. Everything is compressed, however short. */
  enum Ours {
    FRUGAL(Compression.DEFAULT.withThreshold(0)),
    TAKEOVER(Compression.DEFAULT.withThreshold(0).withTakeover(true, true)),
    SMALL(Compression.DEFAULT.withThreshold(0).withTakeover(true, true).withWindowBits(10, 10));

    private final Compression compression;

    Ours(Compression compression) {
      this.compression = compression;
    }
  }

  private static final Map<Kind, List<Deflate>> OFFERS =
      Map.of(
          Kind.NODE_WS, List.of(Deflate.PLAIN, Deflate.NO_TAKEOVER, Deflate.SMALL_WINDOW),
          Kind.NODE_UNDICI, List.of(Deflate.PLAIN),
          Kind.PYTHON, List.of(Deflate.PLAIN, Deflate.NO_TAKEOVER, Deflate.SMALL_WINDOW),
          Kind.CHROMIUM, List.of(Deflate.PLAIN),
          Kind.OKHTTP, List.of(Deflate.PLAIN),
          Kind.EVERWIRE, List.of(Deflate.PLAIN, Deflate.NO_TAKEOVER, Deflate.SMALL_WINDOW),
          Kind.JETTY, List.of(Deflate.PLAIN, Deflate.NO_TAKEOVER, Deflate.SMALL_WINDOW),
          // offers, but does not itself keep, client_no_context_takeover unless it is set so
          Kind.JAVA_WEBSOCKET, List.of(Deflate.NO_TAKEOVER));

  private static final Map<Ours, Local> SERVERS = new EnumMap<>(Ours.class);

  private final Kind kind;
  private final Deflate offer;
  private final Ours ours;
  private final Clients clients;

  CompressionIT(Kind kind, Deflate offer, Ours ours, Clients clients) {
    this.kind = kind;
    this.offer = offer;
    this.ours = ours;
    this.clients = clients;
  }

  static Stream<Arguments> pairs() {
    return OFFERS.keySet().stream()
        .sorted()
        .flatMap(kind ->
            OFFERS.get(kind).stream()
                .flatMap(offer ->
                    Stream.of(Ours.values())
                        .filter(ours -> !deaf(kind, offer, ours))
                        .filter(ours -> ours != Ours.SMALL || offer != Deflate.NO_TAKEOVER)
                        .map(ours -> arguments(kind, offer, ours))));
  }

  /** Jetty keeps its context although it is told not to, if it has not offered that itself. */
  private static boolean deaf(Kind kind, Deflate offer, Ours ours) {
    return kind == Kind.JETTY && offer != Deflate.NO_TAKEOVER && ours == Ours.FRUGAL;
  }

  @BeforeAll
  static void serve() throws Exception {
    for (Ours ours : Ours.values()) {
      SERVERS.put(ours, new Local(NettyListener.on(0).loops(1).compression(ours.compression)));
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(Local::close);
  }

  @Override
  Link connect() throws Exception {
    Ask ask = Ask.of(SERVERS.get(ours).uri("ws", "/echo")).deflate(offer);
    return clients.get(kind).connect(ask);
  }

  @Override
  Set<Can> can() {
    Set<Can> can = EnumSet.allOf(Can.class);
    can.retainAll(kind.can());
    if (kind == Kind.JAVA_WEBSOCKET) {
      can.remove(Can.FRAGMENT); // compresses an empty last fragment to nothing
    }
    return can;
  }

  @Test
  void itIsAgreedOn() throws Exception {
    assumeTrue(kind != Kind.EVERWIRE, "does not tell");
    Link link = connect();
    assertThat(link.extensions()).startsWith("permessage-deflate");
    leave(link);
  }
}
