package dev.everwire.simulation;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.testkit.ManualTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the door of a real server: reads along what clients send, holds it to what they may,
 * and says what the server does not say by itself: refusals, {@code $/goaway}, {@code
 * $/authExpiring}.
 */
final class Meddler {
  /** What a request whose answer got lost may be asked again after. */
  private static final Duration PATIENCE = Duration.ofSeconds(7);

  final List<Line> lines = new ArrayList<>(); // those that are open

  private final SplittableRandom random;
  private final ManualTime time;
  private final CommandBook book;
  private final boolean authenticates;
  private boolean calm;
  private int valid = 1;

  Meddler(SplittableRandom random, ManualTime time, CommandBook book, boolean authenticates) {
    this.random = random;
    this.time = time;
    this.book = book;
    this.authenticates = authenticates;
  }

  /** No more refusals from now on. */
  void calm() {
    calm = true;
  }

  /** The token that is taken now. */
  String token() {
    return "t" + valid;
  }

  /** Takes another token from now on. */
  void rotate() {
    valid++;
  }

  Acceptor before(Acceptor real) {
    return new Acceptor() {
      @Override
      public Answer upgrade(Handshake handshake) {
        if (authenticates && handshake.bearerToken() != null && !known(handshake)) {
          return Refuse.with(401, "who are you");
        }
        if (!calm) {
          switch (random.nextInt(16)) {
            case 0 -> {
              return new Refuse(503, "busy", Map.of("Retry-After", "" + random.nextInt(4)));
            }
            case 1 -> {
              return Refuse.with(502, "bad gateway");
            }
            default -> {}
          }
        }
        return real.upgrade(handshake) instanceof Accept accept
            ? new Accept(
                accept.subprotocol(), accept.limits(), transport -> open(transport, accept))
            : Refuse.with(500, "cannot be");
      }

      @Override
      public void http(HttpRequest request, Consumer<HttpReply> reply) {
        real.http(request, reply);
      }
    };
  }

  private boolean known(Handshake handshake) {
    return token().equals(handshake.bearerToken());
  }

  private Receiver open(Transport transport, Acceptor.Accept accept) {
    Line line = new Line(transport, accept.open().apply(transport));
    lines.add(line);
    return line;
  }

  /** One connection of a client, at the server. */
  final class Line implements Receiver {
    private final Transport transport;
    private final Receiver server;
    private final Map<String, Long> subscribed = new HashMap<>(); // since when
    private boolean greeted;
    private int lastNote;
    private Loop.@Nullable Timer leaving;

    Line(Transport transport, Receiver server) {
      this.transport = transport;
      this.server = server;
    }

    boolean follows(String topic) {
      return subscribed.containsKey(topic);
    }

    void cut() {
      onLoop(transport::abort);
    }

    void close(int code) {
      onLoop(() -> transport.close(code, "simulated"));
    }

    /** The client leaves by itself; the server sees to it or does not. */
    void goaway(Duration in, Duration closeIn, boolean closes) {
      tell(
          "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"reason\":\"deploy\",\"inMs\":"
              + in.toMillis()
              + ",\"closeAtMs\":"
              + closeIn.toMillis()
              + "}}");
      onLoop(() -> {
        if (leaving == null && closes) {
          leaving =
              transport.loop().schedule(closeIn.toNanos(), () -> transport.close(4000, "drain"));
        }
      });
    }

    void authExpiring(Duration in) {
      tell(
          "{\"jsonrpc\":\"2.0\",\"method\":\"$/authExpiring\",\"params\":{\"inMs\":"
              + in.toMillis()
              + "}}");
    }

    @Override
    public void onText(ByteBuffer utf8) {
      String text = StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
      RawJson whole = RawJson.parse(text);
      if (whole.kind() == RawJson.Kind.ARRAY) {
        whole.elements().forEach(this::read);
        server.onText(utf8);
      } else if (read(whole)) {
        server.onText(utf8);
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      server.onBinary(bytes);
    }

    @Override
    public void onWritable(boolean writable) {
      server.onWritable(writable);
    }

    @Override
    public void onClosed(int code, String reason) {
      lines.remove(this);
      if (leaving != null) {
        leaving.cancel();
      }
      server.onClosed(code, reason);
    }

    /** Whether the server is to see it. */
    private boolean read(RawJson message) {
      String method = message.members().stringOrNull("method");
      RawJson params = message.members().get("params");
      RawJson id = message.members().get("id");
      if (method == null) {
        return true;
      }
      if (method.equals("rpc.call") && params != null) { // with metadata
        method = params.members().string("method");
        params = params.members().get("params");
      }
      return switch (method) {
        case "rpc.hello" -> hello(params, String.valueOf(id));
        case "rpc.auth" -> auth(params, String.valueOf(id));
        case "rpc.subscribe" -> subscribe(topic(params), String.valueOf(id));
        case "rpc.unsubscribe" -> {
          subscribed.remove(topic(params));
          yield true;
        }
        case "count" -> {
          needsHello("count");
          book.arrived(number(params));
          yield true;
        }
        case "note" -> {
          int note = number(params);
          if (note <= lastNote) {
            book.wrong("notification " + note + " came after " + lastNote);
          }
          lastNote = note;
          yield true;
        }
        default -> true;
      };
    }

    private boolean hello(@Nullable RawJson params, String id) {
      if (greeted) {
        book.wrong("hello was said twice on one connection");
      }
      greeted = true;
      RawJson auth = params == null ? null : params.members().get("auth");
      if (authenticates && auth != null && !auth.members().string("token").equals(token())) {
        refuse(id, -32001, "who are you");
        return false;
      }
      if (!calm) {
        switch (random.nextInt(24)) {
          case 0 -> {
            refuse(id, -32006, "full");
            return false;
          }
          case 1 -> {
            return false; // never answered
          }
          default -> {}
        }
      }
      return true;
    }

    private boolean auth(@Nullable RawJson params, String id) {
      String offered = params == null ? "" : params.members().string("token");
      if (offered.equals(token())) {
        tell(
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + id
                + ",\"result\":{\"user\":\"u\",\"authExpiresIn\":60}}");
      } else {
        refuse(id, -32001, "who are you");
      }
      return false;
    }

    private boolean subscribe(String topic, String id) {
      needsHello("subscribe");
      Long since = subscribed.get(topic);
      if (since != null && time.now() - since < PATIENCE.toNanos()) {
        book.wrong(topic + " was subscribed twice on one connection");
      }
      if (!calm && random.nextInt(20) == 0) {
        subscribed.remove(topic);
        refuse(id, -32006, "full");
        return false;
      }
      subscribed.put(topic, time.now());
      return true;
    }

    private void needsHello(String what) {
      if (!greeted) {
        book.wrong(what + " came before hello");
      }
    }

    private void refuse(String id, int code, String message) {
      tell(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"error\":{\"code\":"
              + code
              + ",\"message\":\""
              + message
              + "\",\"data\":{\"retryable\":true,\"retryAfterMs\":"
              + random.nextInt(3_000)
              + "}}}");
    }

    private void tell(String json) {
      onLoop(() -> transport.sendText(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
    }

    private void onLoop(Runnable deed) {
      try {
        transport.loop().execute(deed);
      } catch (RejectedExecutionException e) {
        // the server has crashed
      }
    }

    private static String topic(@Nullable RawJson params) {
      return params == null ? "" : params.members().string("topic");
    }

    private static int number(@Nullable RawJson params) {
      return params == null ? -1 : Integer.parseInt(params.elements().getFirst().toString());
    }
  }
}
