package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.play;

import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** What a client does over time; how often and how slowly is the point. */
final class ClientBehaviours {
  private static final int MIB = 1024 * 1024;
  private static final int IN_THE_KERNEL = 12 * MIB; // what two sockets take at most on Linux
  private static final int FLOOD_FRAMES = 100_000;
  private static final int FLOOD_BATCH = 1000;
  private static final String ORDINARY = "GET / HTTP/1.1^Host: h^^";
  private static final String BIG = "GET /big HTTP/1.1^Host: h^^";

  private final Range range;

  private ClientBehaviours(Range range) {
    this.range = range;
  }

  static List<Play> all(Range range) {
    var all = new ClientBehaviours(range);
    List<Play> plays = new ArrayList<>(all.handshakes());
    plays.addAll(all.floods());
    plays.addAll(all.ends());
    return plays;
  }

  private List<Play> handshakes() {
    return List.of(
        play("2 000 pipelined requests", "all answered or ended", one -> pipelined()),
        play("answers that are never read", "bounded", one -> answersNeverRead()),
        play("an answer read late", "200", one -> readLate()),
        play("an upgrade behind a request", "close 1000", one -> asks(ORDINARY + Wire.GOOD, true)),
        play("a request behind an upgrade", "close 1002", one -> asks(Wire.GOOD + ORDINARY, false)),
        play("two upgrades", "close 1002", one -> asks(Wire.GOOD + Wire.GOOD, false)),
        play(
            "a body in chunks of one byte",
            "413",
            one ->
                asks("POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^{70000*1^a^}0^^", false)),
        play("500 refused upgrades", "refused", one -> refusedAgainAndAgain()));
  }

  private List<Play> floods() {
    return List.of(
        play("pings without end", "close 1008", one -> flood(0x89, 0, "")),
        play("long pings without end", "close 1008", one -> flood(0x89, 125, "")),
        play("pongs without end", "close 1008", one -> flood(0x8A, 0, "")),
        play("pings inside a message without end", "close 1008", one -> flood(0x89, 0, "01:'a'")),
        play(
            "empty fragments without end",
            "close 1008 or close 1009",
            one -> flood(0x00, 0, "01:'a'")),
        play(
            "empty binary fragments without end",
            "close 1008 or close 1009",
            one -> flood(0x00, 0, "02:")),
        play(
            "fragments of one byte without end",
            "close 1008 or close 1009",
            one -> flood(0x00, 1, "02:")),
        play("4 MiB in fragments of 64 bytes", "echoed", one -> fourMebibytes()),
        play("pings of a client that reads nothing", "bounded", one -> pingsUnread()),
        play("messages of a client that reads nothing", "held back", one -> heldBack()),
        play("2^63-1 bytes announced", "close 1009 without memory", one -> announced()),
        play("10 MiB announced 50 times and not sent", "bounded", one -> announcedOften()),
        play("50 frames that drip", "served meanwhile", one -> drippingFrames()),
        play("noise", "ended", one -> noise()));
  }

  private List<Play> ends() {
    return List.of(
        play("2 000 that connect and go", "gone", one -> comeAndGo(2000, false)),
        play("1 000 that connect and reset", "gone", one -> comeAndGo(1000, true)),
        play("300 that upgrade and reset", "gone", one -> upgradeAndReset()),
        play(
            "reset inside a request",
            "gone",
            one -> vanishing(Peer.client(range.port()).http("GET / HTTP/1.1^Host: h^Upg"))),
        play(
            "reset behind a request",
            "gone",
            one -> vanishing(Peer.client(range.port()).http(Wire.GOOD))),
        play(
            "reset inside a body",
            "gone",
            one ->
                vanishing(
                    Peer.client(range.port())
                        .http("POST / HTTP/1.1^Host: h^Content-Length: 9^^abc"))),
        play(
            "reset inside a frame",
            "gone",
            one -> vanishing(Peer.upgraded(range.port()).frames("01:{900*61} 00~7E0400:'abc'"))),
        play(
            "reset while much is on its way",
            "gone",
            one -> vanishing(Peer.upgraded(range.port()).frames("82:{60000*61} 82:{60000*61}"))),
        play("end inside a request", "400 or 408 or gone", one -> half("GET / HTTP/1.1^Ho")),
        play("end behind a request", "200 or gone", one -> half(ORDINARY)),
        play("end behind an upgrade", "lost or gone", one -> half(Wire.GOOD)),
        play(
            "end behind a message",
            "lost",
            one -> {
              try (Peer peer = Peer.upgraded(range.port()).text("last words")) {
                peer.shutdownOutput();
                return peer.outcome();
              }
            }),
        play(
            "end inside a frame",
            "lost",
            one -> {
              try (Peer peer = Peer.upgraded(range.port()).frames("82~7E0400:'abc'")) {
                peer.shutdownOutput();
                return peer.outcome();
              }
            }),
        play("a breach, and staying", "given up", one -> stays("83:")),
        play("a close, and staying", "given up", one -> stays("88:03E8")));
  }

  private String asks(String rows, boolean close) throws Exception {
    try (Peer peer = Peer.client(range.port()).http(rows)) {
      if (close) {
        peer.awaitUpgrade().frames("88:03E8");
      }
      return peer.outcome();
    }
  }

  private String pipelined() throws Exception {
    int count = 2000;
    try (Peer peer = Peer.client(range.port()).http(ORDINARY.repeat(count))) {
      Await.until(() -> peer.responses() == count || peer.over());
      return peer.responses() == count ? "all answered" : "ended";
    }
  }

  private String answersNeverRead() throws Exception {
    try (Range alone = Range.open()) {
      long answered;
      try (Peer peer = Peer.deafClient(alone.port())) {
        Thread.ofPlatform().daemon().start(() -> peer.http(BIG.repeat(4000)));
        Await.until(() -> alone.answered() > 0);
        long before;
        do { // until nothing happens any more, or too much did
          before = alone.answered();
          Await.pass(Duration.ofMillis(500));
          answered = alone.answered();
        } while (answered > before && answered * Range.BIG < IN_THE_KERNEL);
        peer.vanish();
      }
      GoodClient.roundTrip(alone.port());
      alone.assertEmpty();
      answered *= Range.BIG;
      return answered < IN_THE_KERNEL ? "bounded" : answered / MIB + " MiB of answers";
    }
  }

  private String readLate() throws Exception {
    try (Peer peer = Peer.deafClient(range.port())) {
      peer.http("GET /big HTTP/1.1^Host: h^Connection: close^^");
      Await.pass(Duration.ofMillis(300));
      return peer.outcome();
    }
  }

  private String refusedAgainAndAgain() throws Exception {
    for (int i = 0; i < 500; i++) {
      try (Peer peer = Peer.client(range.port()).http("GET /full HTTP/1.1^Host: h^{upgrade}^^")) {
        String outcome = peer.outcome();
        if (!outcome.equals("503")) {
          return outcome;
        }
      }
    }
    return "refused";
  }

  /** As many frames as the server takes; reads all it says. */
  private static String flood(int first, int payload, String begin) throws Exception {
    try (Range alone = Range.open()) {
      String outcome;
      try (Peer peer = Peer.upgraded(alone.port())) {
        if (!begin.isEmpty()) {
          peer.frames(begin);
        }
        byte[] batch = batch(Wire.frame(first, new byte[payload], true));
        for (int sent = 0; sent < FLOOD_FRAMES && !peer.dismissed(); sent += FLOOD_BATCH) {
          peer.send(batch);
        }
        outcome = peer.outcome(); // much of it may still be on its way
      }
      GoodClient.roundTrip(alone.port());
      alone.assertEmpty();
      return outcome;
    }
  }

  static byte[] batch(byte[] frame) {
    var batch = new ByteArrayOutputStream();
    for (int i = 0; i < FLOOD_BATCH; i++) {
      batch.writeBytes(frame);
    }
    return batch.toByteArray();
  }

  private String fourMebibytes() throws Exception {
    try (Range alone = Range.with(TransportLimits.SERVER.withMaxQueued(8 * MIB, 100));
        Peer peer = Peer.upgraded(alone.port())) {
      peer.frames("02:");
      byte[] batch = batch(Wire.frame(0x00, new byte[64], true));
      for (int sent = 0; sent < 4 * MIB / 64 && !peer.dismissed(); sent += FLOOD_BATCH) {
        peer.send(batch);
      }
      peer.frames("80:").awaitMessages(1).frames("88:03E8");
      String outcome = peer.outcome();
      return peer.messages() == 1 ? "echoed" : outcome;
    }
  }

  private String pingsUnread() throws Exception {
    try (Range alone = Range.open()) {
      try (Peer peer = Peer.deafClient(alone.port()).http(Wire.GOOD)) {
        byte[] batch = batch(Wire.frame(0x89, new byte[125], true));
        Thread sender =
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  for (int i = 0; i < 300; i++) {
                    peer.send(batch);
                  }
                });
        boolean unused = sender.join(Duration.ofSeconds(3));
        long highest = alone.meter().highest();
        peer.vanish();
        return highest < 2 * Range.LIMITS.maxQueuedBytes() + MIB ? "bounded" : highest + " bytes";
      } finally {
        alone.assertEmpty();
      }
    }
  }

  /** The echo stops reading when its answers are not read, and the sender feels it. */
  private static String heldBack() throws Exception {
    try (Range alone = Range.open()) {
      long taken;
      int flood = 64 * MIB;
      try (Peer peer = Peer.deafClient(alone.port()).http(Wire.GOOD)) {
        byte[] batch = batch(Wire.frame(0x82, new byte[1000], true));
        var sent = new AtomicLong();
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (sent.get() < flood) {
                peer.send(batch);
                sent.addAndGet(batch.length);
              }
            });
        Await.until(() -> sent.get() > 0);
        do { // until nothing goes any more
          taken = sent.get();
          Await.pass(Duration.ofMillis(500));
        } while (sent.get() > taken && sent.get() < flood);
        taken = sent.get();
        sent.set(flood);
        peer.vanish();
      }
      GoodClient.roundTrip(alone.port());
      alone.assertEmpty();
      boolean bounded = alone.meter().highest() < 2 * Range.LIMITS.maxQueuedBytes() + MIB;
      return taken < flood && bounded ? "held back" : taken + " " + alone.meter().highest();
    }
  }

  private String announced() throws Exception {
    try (Range alone = Range.with(TransportLimits.SERVER);
        Peer peer = Peer.upgraded(alone.port()).frames("82~7F7FFFFFFFFFFFFFFF:'abc'")) {
      long biggest = alone.meter().biggest();
      return peer.outcome() + (biggest < MIB ? " without memory" : " with " + biggest + " bytes");
    }
  }

  private String announcedOften() throws Exception {
    List<Peer> peers = new ArrayList<>();
    try (Range alone = Range.with(TransportLimits.SERVER)) {
      for (int i = 0; i < 50; i++) {
        peers.add(Peer.upgraded(alone.port()).frames("82~7F0000000000A00000:'abc'"));
      }
      Await.pass(Duration.ofMillis(100));
      long highest = alone.meter().highest();
      for (Peer peer : peers) {
        peer.vanish();
      }
      alone.assertEmpty();
      return highest < 50L * 128 * 1024 ? "bounded" : highest + " bytes";
    }
  }

  private String drippingFrames() throws Exception {
    List<Peer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        peers.add(Peer.upgraded(range.port()));
      }
      for (byte b : Wire.text("slowly", true)) {
        for (Peer peer : peers) {
          peer.send(new byte[] {b});
        }
        GoodClient.roundTrip(range.port());
      }
      for (Peer peer : peers) {
        if (!peer.awaitMessages(1).frames("88:03E8").outcome().equals("close 1000")) {
          return peer.outcome();
        }
      }
      return "served meanwhile";
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  /** What no test thought of; the seed is in the outcome. */
  private String noise() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      byte[] noise = new byte[300];
      new Random(seed).nextBytes(noise);
      boolean framed = seed % 2 == 0;
      try (Peer peer = framed ? Peer.upgraded(range.port()) : Peer.client(range.port())) {
        peer.send(noise).shutdownOutput();
        String outcome = peer.outcome();
        if (!outcome.matches(framed ? "close 100[0279]|lost" : "400|gone")) {
          return "seed " + seed + ": " + outcome;
        }
      }
    }
    return "ended";
  }

  private String comeAndGo(int times, boolean reset) throws Exception {
    for (int i = 0; i < times; i++) {
      Peer peer = Peer.deafClient(range.port());
      if (reset) {
        peer.vanish();
      } else {
        peer.close();
      }
    }
    return "gone";
  }

  private String upgradeAndReset() throws Exception {
    for (int i = 0; i < 300; i++) {
      Peer.upgraded(range.port()).text("x").vanish();
    }
    return "gone";
  }

  private static String vanishing(Peer peer) throws IOException {
    Await.pass(Duration.ofMillis(20));
    peer.vanish();
    return "gone";
  }

  private String half(String row) throws Exception {
    try (Peer peer = Peer.client(range.port()).http(row)) {
      peer.shutdownOutput();
      return peer.outcome();
    }
  }

  /** The server has said all it has to say; the client goes on and never ends the connection. */
  private String stays(String frames) throws Exception {
    try (Range alone = Range.open();
        Peer peer = Peer.upgraded(alone.port()).frames(frames)) {
      long deadline = System.nanoTime() + Duration.ofSeconds(8).toNanos();
      while (alone.connections() > 0 && System.nanoTime() < deadline) {
        peer.text("still here");
        Await.pass(Duration.ofMillis(20));
      }
      return alone.connections() == 0 ? "given up" : "still there";
    }
  }
}
