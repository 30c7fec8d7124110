package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that says what a test tells it to, in a network that the test moves. What the client
 * says is kept until the test has looked at it.
 */
final class ScriptedServer implements Acceptor, AutoCloseable {
  static final String WELCOME =
      "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"result\":{\"v\":1,\"session\":\"S1\",\"resumeToken\":\"R1\","
          + "\"resumed\":false,\"generation\":1,\"node\":\"n\",\"caps\":[],"
          + "\"heartbeat\":{\"interval\":25000,\"timeout\":10000}}}";

  private final MemoryNetwork network;
  private final Listener.Listening listening;
  private final Deque<String> heard = new ArrayDeque<>();
  private final List<Integer> closes = new ArrayList<>();
  private @Nullable Refuse refusal;
  private @Nullable Transport last;
  private @Nullable Handshake handshake;
  private final List<Transport> transports = new ArrayList<>();

  ScriptedServer(MemoryNetwork network, String name) {
    this.network = network;
    try {
      this.listening = network.listener(name).listen(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on upgrades are answered so; null accepts them. */
  void refuse(@Nullable Refuse with) {
    refusal = with;
  }

  int connections() {
    return transports.size();
  }

  Handshake handshake() {
    return present(handshake);
  }

  /** Codes with which connections ended, oldest first. */
  List<Integer> closes() {
    return closes;
  }

  /** The next message of the client, after all that can happen now has happened. */
  String hear() {
    network.runUntilIdle();
    return present(heard.poll());
  }

  /** The next message of the client, empty if there is none yet. */
  String hearIfAny() {
    String next = heard.poll();
    return next == null ? "" : next;
  }

  void hearNothing() {
    network.runUntilIdle();
    assertThat(heard).isEmpty();
  }

  void say(String json) {
    Transport to = present(last);
    to.loop().execute(() -> to.sendText(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
    network.runUntilIdle();
  }

  /** On the connection with this number, from 1, which need not be the last one. */
  void sayOn(int connection, String json) {
    Transport now = last;
    last = transports.get(connection - 1);
    say(json);
    last = now;
  }

  /** As {@link #sayOn}. */
  void closeOn(int connection, int code) {
    Transport to = transports.get(connection - 1);
    to.loop().execute(() -> to.close(code, ""));
    network.runUntilIdle();
  }

  void sayBinary(String json) {
    Transport to = present(last);
    to.loop().execute(() -> to.sendBinary(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
    network.runUntilIdle();
  }

  /** Takes hello and answers it. */
  void welcome() {
    assertThat(hear()).contains("\"rpc.hello\"");
    say(WELCOME);
  }

  /** Answers a request with its own id. */
  void answer(String request, String result) {
    say("{\"jsonrpc\":\"2.0\",\"id\":" + id(request) + ",\"result\":" + result + "}");
  }

  void refuse(String request, int code) {
    say(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id(request)
            + ",\"error\":{\"code\":"
            + code
            + ",\"message\":\"no\"}}");
  }

  void close(int code, String reason) {
    Transport to = present(last);
    to.loop().execute(() -> to.close(code, reason));
    network.runUntilIdle();
  }

  void cut() {
    Transport to = present(last);
    to.loop().execute(to::abort);
    network.runUntilIdle();
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    this.handshake = handshake;
    return refusal != null ? refusal : new Accept(null, TransportLimits.SERVER, this::open);
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    listening.close();
  }

  private Receiver open(Transport transport) {
    last = transport;
    transports.add(transport);
    return new Receiver() {
      @Override
      public void onText(ByteBuffer utf8) {
        heard.add(StandardCharsets.UTF_8.decode(utf8).toString());
      }

      @Override
      public void onBinary(ByteBuffer bytes) {
        heard.add("binary " + StandardCharsets.UTF_8.decode(bytes));
      }

      @Override
      public void onClosed(int code, String reason) {
        closes.add(code);
      }
    };
  }

  private static String id(String request) {
    return present(RawJson.parse(request).members().get("id")).toString();
  }

  private static <T> T present(@Nullable T value) {
    assertThat(value).isNotNull();
    return Objects.requireNonNull(value);
  }
}
