package dev.everwire.netty.hostile;

import static dev.everwire.netty.hostile.Case.play;

import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.hostile.Case.Play;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** What a server does over time to a client of ours. */
final class ServerBehaviours {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration HASTE = Duration.ofMillis(1000);
  private static final long MIB = 1024 * 1024;

  private final NettyDialer dialer;
  private final Meter meter;

  ServerBehaviours(NettyDialer dialer, Meter meter) {
    this.dialer = dialer;
    this.meter = meter;
  }

  List<Play> all() {
    return List.of(
        play("silence", "failed", one -> late("", false)),
        play("half an answer and silence", "failed", one -> late("HTTP/1.1 101 x^Upg", false)),
        play("an answer that drips", "failed", one -> late("{good}^{300*X: y^}^", true)),
        play(
            "answers in between that drip",
            "failed",
            one -> late("{100*HTTP/1.1 100 x^^}{good}^^", true)),
        play("a good answer byte by byte", "opened 1000", one -> byteByByte()),
        play("reset instead of an answer", "failed", one -> resetEarly()),
        play("end behind the answer", "opened 1006", one -> ends("", false)),
        play("reset behind the answer", "opened 1006", one -> ends("", true)),
        play("end inside a frame", "opened 1006", one -> ends("82~7E0400:'abc'", false)),
        play("reset inside a frame", "opened 1006", one -> ends("02:'a' 80~7E0400:'abc'", true)),
        play("a message glued to the answer", "glued 1000", one -> glued()),
        play("a breach glued to the answer", "opened 1002", one -> gluedBreach()),
        play("a close that is not answered", "opened 1000", one -> closeUnanswered()),
        play("a breach, and staying", "opened 1002", one -> stays("83:")),
        play("a close, and staying", "opened 1000", one -> stays("88:03E8")),
        play("nothing read", "bounded 1006", one -> nothingRead()),
        play("pings without end", "opened 1008", one -> flood(0x89, 0, "")),
        play("pongs without end", "opened 1008", one -> flood(0x8A, 0, "")),
        play("empty fragments", "opened 1008 or opened 1009", one -> flood(0x00, 0, "01:'a'")),
        play("tiny fragments", "opened 1008 or opened 1009", one -> flood(0x00, 1, "02:'a'")));
  }

  /** The whole handshake has one deadline, however little time lies between two bytes. */
  private String late(String row, boolean drips) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), HASTE);
      try (Peer peer = server.accept()) {
        if (!drips) {
          server.answer(peer, row);
          return dial.answer();
        }
        drip(server, peer, dial, row);
        return dial.answered() ? dial.answer() : "still waits";
      }
    }
  }

  private static void drip(HostileServer server, Peer peer, Dial dial, String row) {
    for (byte b : Wire.http(server.filled(peer, row))) {
      if (dial.answered()) {
        return;
      }
      peer.send(new byte[] {b});
      Await.pass(Duration.ofMillis(10));
    }
  }

  private String byteByByte() throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        for (byte b : Wire.http(server.filled(peer, "{good}^^"))) {
          peer.send(new byte[] {b});
        }
        peer.read().frames("88:03E8");
        Await.until(peer::dismissed);
        peer.shutdownOutput();
        return dial.answer() + " " + dial.closed();
      }
    }
  }

  private String resetEarly() throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      server.accept().vanish();
      return dial.answer();
    }
  }

  private String ends(String frames, boolean reset) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.agree(server.accept())) {
        String answer = dial.answer();
        if (!frames.isEmpty()) {
          peer.frames(frames);
        }
        if (reset) {
          peer.vanish();
        } else {
          peer.shutdownOutput();
        }
        return answer + " " + dial.closed();
      }
    }
  }

  private String glued() throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        server.answer(peer, "{good}^^{x81}{x05}glued{x88}{x02}{x03}{xE8}");
        Await.until(peer::dismissed);
        peer.shutdownOutput();
        return dial.nextText() + " " + dial.closed();
      }
    }
  }

  private String gluedBreach() throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        server.answer(peer, "{good}^^{xC1}{x05}glued");
        Await.until(peer::dismissed);
        peer.shutdownOutput();
        return dial.answer() + " " + dial.closed();
      }
    }
  }

  private String closeUnanswered() throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.agree(server.accept())) {
        String answer = dial.answer();
        dial.run(transport -> transport.close(1000, ""));
        Await.until(peer::over);
        return answer + " " + dial.closed();
      }
    }
  }

  /** The client has said all it has to say; the server goes on and never ends the connection. */
  private String stays(String frames) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.agree(server.accept()).frames(frames)) {
        long deadline = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (!dial.isClosed() && System.nanoTime() < deadline) {
          peer.text("still here");
          Await.pass(Duration.ofMillis(20));
        }
        return dial.isClosed() ? dial.answer() + " " + dial.closed() : "still there";
      }
    }
  }

  private String nothingRead() throws Exception {
    try (var server = new HostileServer().withSmallWindow()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.accept()) {
        peer.http(server.filled(peer, "{good}^^"));
        String unused = dial.answer();
        for (int i = 0; i < 100; i++) {
          dial.run(ServerBehaviours::sendMuch);
        }
        Await.pass(Duration.ofMillis(200));
        long used = meter.used();
        dial.run(Transport::abort);
        int code = dial.closed();
        return (used < Range.LIMITS.maxQueuedBytes() + MIB ? "bounded " : used + " bytes ") + code;
      }
    }
  }

  private static void sendMuch(Transport transport) {
    for (int i = 0; i < 10; i++) {
      var unused = transport.sendBinary(ByteBuffer.allocate(50_000));
    }
  }

  private String flood(int first, int payload, String begin) throws Exception {
    try (var server = new HostileServer()) {
      Dial dial = Dial.begin(dialer, server.port(), PATIENCE);
      try (Peer peer = server.agree(server.accept())) {
        if (!begin.isEmpty()) {
          peer.frames(begin);
        }
        byte[] batch = ClientBehaviours.batch(Wire.frame(first, new byte[payload], false));
        for (int i = 0; i < 100 && !peer.dismissed(); i++) {
          peer.send(batch);
        }
        Await.until(peer::dismissed); // much of it may still be on its way
        peer.shutdownOutput();
        return dial.answer() + " " + dial.closed();
      }
    }
  }
}
