package dev.everwire.simulation;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind a server and reads along what it sends: of all connections of a session only the
 * newest is answered on, generations grow, and a connection answers an id once.
 */
final class SessionTap {

  /** The connection that a session was last welcomed on. */
  private record Newest(Line line, long generation) {}

  private final SessionBook book;
  private final Map<String, Newest> sessions = new HashMap<>();
  private final List<WeakReference<Receiver>> receivers = new ArrayList<>();

  SessionTap(SessionBook book) {
    this.book = book;
  }

  Acceptor behind(Acceptor real) {
    return new Acceptor() {
      @Override
      public Answer upgrade(Handshake handshake) {
        return switch (real.upgrade(handshake)) {
          case Acceptor.Later later -> later;
          case Accept accept ->
              new Accept(
                  accept.subprotocol(),
                  accept.limits(),
                  transport -> noted(accept.open().apply(new Line(transport))));
          case Refuse refuse -> refuse;
        };
      }

      @Override
      public void http(HttpRequest request, Consumer<HttpReply> reply) {
        real.http(request, reply);
      }
    };
  }

  private Receiver noted(Receiver receiver) {
    receivers.add(new WeakReference<>(receiver));
    return receiver;
  }

  /** The server is gone, and its sessions with it. */
  void forget() {
    sessions.clear();
  }

  /** How many connections of all that ever were cannot be collected. */
  long held() {
    return receivers.stream().filter(receiver -> receiver.get() != null).count();
  }

  /** One connection as its server sees it. */
  private final class Line implements Transport {
    private final Transport real;
    private @Nullable String session;

    Line(Transport real) {
      this.real = real;
    }

    private void read(String text) {
      RawJson message = RawJson.parse(text);
      if (message.kind() == RawJson.Kind.ARRAY) {
        message.elements().forEach(this::read);
      } else {
        read(message);
      }
    }

    private void read(RawJson message) {
      JsonMembers members = message.members();
      RawJson id = members.get("id");
      if (id == null || members.get("method") != null) {
        return;
      }
      if (id.toString().equals("\"h\"")) {
        JsonMembers welcome = members.object("result");
        if (welcome != null) {
          welcomed(welcome.string("session"), welcome.integer("generation"));
        }
      } else if (session != null) {
        Newest newest = sessions.get(session);
        if (newest != null && newest.line != this) {
          book.wrong("answer to " + id + " of " + session + " on a former connection");
        }
      }
    }

    private void welcomed(String named, long generation) {
      session = named;
      Newest before = sessions.put(named, new Newest(this, generation));
      if (before != null && before.generation >= generation) {
        book.wrong("generation " + generation + " of " + named + " after " + before.generation);
      }
    }

    @Override
    public Loop loop() {
      return real.loop();
    }

    @Override
    public String remoteAddress() {
      return real.remoteAddress();
    }

    @Override
    public Offer send(Encoded message) {
      read(new String(message.payload(), StandardCharsets.UTF_8));
      return real.send(message);
    }

    @Override
    public Offer sendText(ByteBuffer utf8) {
      read(StandardCharsets.UTF_8.decode(utf8.duplicate()).toString());
      return real.sendText(utf8);
    }

    @Override
    public Offer sendBinary(ByteBuffer bytes) {
      return real.sendBinary(bytes);
    }

    @Override
    public void ping() {
      real.ping();
    }

    @Override
    public long queuedBytes() {
      return real.queuedBytes();
    }

    @Override
    public int queuedMessages() {
      return real.queuedMessages();
    }

    @Override
    public long lastReceivedAt() {
      return real.lastReceivedAt();
    }

    @Override
    public void limitMessages(int maxBytes) {
      real.limitMessages(maxBytes);
    }

    @Override
    public void reading(boolean on) {
      real.reading(on);
    }

    @Override
    public void close(int code, String reason) {
      real.close(code, reason);
    }

    @Override
    public void abort() {
      real.abort();
    }

    @Override
    public boolean open() {
      return real.open();
    }
  }
}
