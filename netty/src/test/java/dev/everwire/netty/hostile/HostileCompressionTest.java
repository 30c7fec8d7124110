package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.play;
import static dev.everwire.netty.hostile.Case.plays;

import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.OnAllocator;
import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.netty.hostile.Case.Stage;
import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Servers and clients that have agreed on permessage-deflate (RFC 7692), and abuse of it. */
class HostileCompressionTest {
  private static final int MIB = 1024 * 1024;
  private static final int BOMB = 256 * MIB;
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String UPGRADE =
      "GET / HTTP/1.1^Host: localhost^" + Wire.UPGRADE + "^" + OFFER + "^^";

  private static final String DEFLATE = "{good}^Sec-WebSocket-Extensions: permessage-deflate";
  private static final String AGREED = DEFLATE + "^^";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Meter METER = new Meter();

  private static Damage damage;
  private static Range range;
  private static NettyDialer dialer;

  @BeforeAll
  static void open() throws Exception {
    range = Range.compressing(Range.LIMITS);
    dialer = dialer(METER);
    GoodClient.roundTrip(range.port());
    damage = Damage.from();
  }

  @AfterAll
  static void nothingIsLeft() {
    try {
      range.assertEmpty();
      Await.until(() -> METER.used() == 0);
      damage.assertNone();
    } finally {
      damage.close();
      dialer.close();
      range.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> frames() {
    return Case.tests(
        plays(
            Compressed.frames(),
            served(one -> {
              try (Peer peer = Peer.upgraded(range.port(), UPGRADE)) {
                return peer.frames(one.does()).outcome();
              }
            })));
  }

  @TestFactory
  Stream<DynamicTest> bombs() {
    byte[] bomb = Compressed.zeros(BOMB);
    return Case.tests(
        List.of(
            bomb("a bomb of 256 MiB", Wire.frame(0xC2, bomb, true)),
            bomb("a bomb of 256 MiB that says it is text", Wire.frame(0xC1, bomb, true)),
            bomb("a bomb of 256 MiB in fragments", Compressed.fragments(bomb, true)),
            play(
                "a byte more than is allowed",
                "close 1009",
                served(one -> {
                  byte[] little = Compressed.zeros(Range.LIMITS.maxMessageBytes() + 1);
                  try (Peer peer = Peer.upgraded(range.port(), UPGRADE)) {
                    return peer.send(Wire.frame(0xC2, little, true)).outcome();
                  }
                })),
            play(
                "as much as is allowed, 50 times",
                "close 1000",
                served(one -> {
                  byte[] most = Compressed.zeros(Range.LIMITS.maxMessageBytes());
                  try (Peer peer = Peer.upgraded(range.port(), UPGRADE)) {
                    for (int i = 1; i <= 50; i++) {
                      peer.send(Wire.frame(0xC2, most, true)).awaitMessages(i);
                    }
                    return peer.frames("88:03E8").outcome();
                  }
                }))));
  }

  @TestFactory
  Stream<DynamicTest> answersOfServers() {
    return Case.tests(
        plays(Compressed.answers(), one -> HostileServersTest.answers(dialer, deflate(one))));
  }

  @TestFactory
  Stream<DynamicTest> framesOfServers() {
    return Case.tests(
        plays(
            Compressed.frames(),
            one -> {
              try (var server = new HostileServer()) {
                Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
                try (Peer peer = server.accept()) {
                  return ended(dial, server.answer(peer, AGREED).frames(one.does()));
                }
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> bombsOfServers() {
    byte[] bomb = Compressed.zeros(BOMB);
    return Case.tests(
        List.of(
            bombOfServer("a bomb of 256 MiB", Wire.frame(0xC2, bomb, false)),
            bombOfServer("a bomb of 256 MiB in fragments", Compressed.fragments(bomb, false))));
  }

  private static Play bombOfServer(String name, byte[] frames) {
    return play(
        name,
        "close 1009, bounded",
        one -> {
          TransportLimits limits = TransportLimits.CLIENT;
          var own = new Meter();
          try (NettyDialer alone = dialer(own);
              var server = new HostileServer()) {
            Dial dial = Dial.begin(alone, server.port(), PATIENCE, limits);
            String outcome;
            try (Peer peer = server.accept()) {
              outcome = ended(dial, server.answer(peer, AGREED).send(frames));
            }
            Await.until(() -> own.used() == 0);
            boolean bounded = own.highest() < limits.maxMessageBytes() + 16 * MIB;
            return outcome + (bounded ? ", bounded" : ", " + own.highest() + " bytes");
          }
        });
  }

  private static String ended(Dial dial, Peer peer) throws Exception {
    Await.until(peer::dismissed);
    peer.shutdownOutput();
    String outcome = peer.outcome();
    return dial.closed() == peer.closeCode() ? outcome : outcome + " but " + dial.closed();
  }

  private static Case deflate(Case one) {
    return new Case(one.name(), one.does().replace("{deflate}", DEFLATE), one.expected());
  }

  private static NettyDialer dialer(Meter meter) {
    return OnAllocator.dialer(meter)
        .compression(Compression.DEFAULT.withTakeover(true, true))
        .build();
  }

  /** Costs no more than the longest message and 16 MiB. */
  private static Play bomb(String name, byte[] frames) {
    return play(
        name,
        "close 1009, bounded",
        served(one -> {
          TransportLimits limits = TransportLimits.SERVER;
          try (Range alone = Range.compressing(limits)) {
            String outcome;
            try (Peer peer = Peer.upgraded(alone.port(), UPGRADE)) {
              outcome = peer.send(frames).outcome();
            }
            alone.assertEmpty();
            long highest = alone.meter().highest();
            boolean bounded = highest < limits.maxMessageBytes() + 16 * MIB;
            return outcome + (bounded ? ", bounded" : ", " + highest + " bytes");
          }
        }));
  }

  private static Stage served(Stage stage) {
    return one -> {
      String outcome = stage.play(one);
      GoodClient.roundTrip(range.port());
      return outcome;
    };
  }
}
