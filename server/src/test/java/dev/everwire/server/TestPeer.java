package dev.everwire.server;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A peer that speaks by hand, text by text. For tests that drive the network themselves. */
public final class TestPeer implements Receiver {
  private final MemoryNetwork network;
  private final List<String> heard = new ArrayList<>();
  private @Nullable Transport transport;
  private Dialer.@Nullable Failure failure;
  private int closeCode;

  private TestPeer(MemoryNetwork network) {
    this.network = network;
  }

  /** Dials and waits for the outcome. */
  public static TestPeer dial(MemoryNetwork network, String uri, String... subprotocols) {
    return dial(network, uri, Map.of(), subprotocols);
  }

  /** As the other, with headers of one's own. */
  public static TestPeer dial(
      MemoryNetwork network, String uri, Map<String, String> headers, String... subprotocols) {
    TestPeer peer = new TestPeer(network);
    Dialer dialer = network.dialer();
    dialer.dial(
        new Dialer.Request(
            URI.create(uri),
            headers,
            List.of(subprotocols),
            Duration.ofSeconds(5),
            TransportLimits.CLIENT),
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport opened, @Nullable String subprotocol) {
            peer.transport = opened;
            return peer;
          }

          @Override
          public void failed(Dialer.Failure why) {
            peer.failure = why;
          }
        });
    network.runUntilIdle();
    return peer;
  }

  public boolean open() {
    return transport != null && closeCode == 0;
  }

  public Dialer.Failure failure() {
    if (failure == null) {
      throw new AssertionError("dialled successfully");
    }
    return failure;
  }

  public int closeCode() {
    return closeCode;
  }

  /** Sends without moving the network. */
  public void queue(String text) {
    transport()
        .loop()
        .execute(
            () -> transport().sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  /** Sends and lets everything happen that follows. */
  public void send(String text) {
    queue(text);
    network.runUntilIdle();
  }

  /** As {@link #send} in a binary message. */
  public void sendBinary(byte[] bytes) {
    transport().loop().execute(() -> transport().sendBinary(ByteBuffer.wrap(bytes)));
    network.runUntilIdle();
  }

  /** Calls and answers the whole response; other messages stay to be heard. */
  public RawJson call(int id, String method, String params) {
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
    return response(id);
  }

  /** The response that came for an id. */
  public RawJson response(int id) {
    for (String text : heard) {
      RawJson message = RawJson.parse(text);
      RawJson answered = message.members().get("id");
      if (answered != null && answered.toString().equals(Integer.toString(id))) {
        heard.remove(text);
        return message;
      }
    }
    throw new AssertionError("no response " + id + " in " + heard);
  }

  public boolean heardNothing() {
    return heard.isEmpty();
  }

  /** Whether two parts stand in what was heard and not asked for yet. */
  public boolean heardBoth(String one, String other) {
    String all = heard.toString();
    return all.contains(one) && all.contains(other);
  }

  /** What was heard and not asked for yet. */
  public List<String> heard() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  public void close() {
    transport().loop().execute(() -> transport().close(1000, "bye"));
    network.runUntilIdle();
  }

  public void abort() {
    transport().loop().execute(() -> transport().abort());
    network.runUntilIdle();
  }

  /** Stops and goes on reading. */
  public void reading(boolean on) {
    transport().loop().execute(() -> transport().reading(on));
    network.runUntilIdle();
  }

  private Transport transport() {
    if (transport == null) {
      throw new AssertionError("not connected: " + failure);
    }
    return transport;
  }

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
    closeCode = code;
  }
}
