package dev.everwire.config.acts;

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

/** Somebody who connects and speaks text by text. */
final class Peer implements Receiver {
  private final MemoryNetwork network;
  private final List<String> heard = new ArrayList<>();
  private @Nullable Transport transport;
  private int status;
  private int closeCode;
  private int ids;

  private Peer(MemoryNetwork network) {
    this.network = network;
  }

  static Peer dial(MemoryNetwork network, String uri, Map<String, String> headers) {
    Peer peer = new Peer(network);
    Dialer dialer = network.dialer();
    dialer.dial(
        new Dialer.Request(
            URI.create(uri), headers, List.of(), Duration.ofSeconds(5), TransportLimits.CLIENT),
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport opened, @Nullable String subprotocol) {
            peer.transport = opened;
            peer.status = 101;
            return peer;
          }

          @Override
          public void failed(Dialer.Failure why) {
            peer.status = why.status();
          }
        });
    network.runUntilIdle();
    return peer;
  }

  boolean open() {
    return transport != null && closeCode == 0;
  }

  /** Whether it was let in or refused. */
  boolean settled() {
    return status != 0;
  }

  /** Of the answer to the upgrade; 0 before it. */
  int status() {
    return status;
  }

  /** 0 while it is open. */
  int closeCode() {
    return closeCode;
  }

  void queue(String text) {
    transport()
        .loop()
        .execute(
            () -> transport().sendText(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  void send(String text) {
    queue(text);
    network.runUntilIdle();
  }

  void sendBinary(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    transport().loop().execute(() -> transport().sendBinary(ByteBuffer.wrap(bytes)));
    network.runUntilIdle();
  }

  /** A request as it is written; its answer is not waited for. */
  void request(String method, String params) {
    ids++;
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + ids
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
  }

  void tell(String method, String params) {
    send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  /** The result, or "error" and what it is, or how the connection ended, or silence. */
  String ask(String method, String params) {
    request(method, params);
    for (String text : heard) {
      RawJson message = RawJson.parse(text);
      RawJson id = message.members().get("id");
      if (id != null && id.toString().equals(Integer.toString(ids))) {
        heard.remove(text);
        RawJson result = message.members().get("result");
        return result == null ? "error " + message.members().get("error") : result.toString();
      }
    }
    return open() ? "silence" : "closed " + closeCode;
  }

  String ask(String method) {
    return ask(method, "[]");
  }

  /** Whether it is answered with a result. */
  boolean may(String method, String params) {
    String answer = ask(method, params);
    return !answer.startsWith("error") && !answer.startsWith("closed") && !answer.equals("silence");
  }

  /** How many of so many calls have a result. */
  int served(int calls) {
    int served = 0;
    for (int i = 0; i < calls && open(); i++) {
      served += may("add", "[]") ? 1 : 0;
    }
    return served;
  }

  /** The answer to a hello with a session that is kept. */
  String hello(String more) {
    return ask("rpc.hello", "{\"v\":1,\"caps\":[\"ack\"]" + more + "}");
  }

  /** What it has said of its session, as a member of another's hello. */
  static String resuming(String welcome) {
    RawJson said = RawJson.parse(welcome);
    return ",\"resume\":{\"session\":"
        + said.members().get("session")
        + ",\"token\":"
        + said.members().get("resumeToken")
        + ",\"pending\":[]}";
  }

  /** A member of an object, as it is written; "null" if there is none. */
  static String member(String object, String name) {
    return object.startsWith("{")
        ? String.valueOf(RawJson.parse(object).members().get(name))
        : object;
  }

  /** What was heard and not asked for yet. */
  List<String> heard() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  long heard(String part) {
    return heard.stream().filter(text -> text.contains(part)).count();
  }

  void close() {
    transport().loop().execute(() -> transport().close(1000, "bye"));
    network.runUntilIdle();
  }

  void abort() {
    transport().loop().execute(() -> transport().abort());
    network.runUntilIdle();
  }

  void reading(boolean on) {
    transport().loop().execute(() -> transport().reading(on));
    network.runUntilIdle();
  }

  /** Reads until it has so many messages that it was not asked for, and no further. */
  void readUntil(int messages) {
    transport().loop().execute(() -> transport().reading(true));
    while (heard.size() < messages) {
      network.runPasses(1);
    }
    reading(false);
  }

  private Transport transport() {
    if (transport == null) {
      throw new AssertionError("not connected: " + status);
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
