package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.contract.Namespace;
import dev.everwire.session.contract.Param;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other habits through Netty, heard by the WebSocket client of the JDK. */
@Timeout(60)
class DialectsOverSocketsTest {
  @Namespace("")
  interface Chain {
    @Rpc(name = "eth_subscribe")
    @Subscription(unsubscribe = "eth_unsubscribe", notification = "eth_subscription")
    ItemStream<Integer> blocks(@Param("kind") String kind);
  }

  private final BlockingQueue<Integer> blocks = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Server server = start();

  private Server start() {
    Chain chain =
        kind ->
            ItemStream.produce(sink -> {
              while (true) {
                sink.put(blocks.take());
              }
            });
    try {
      return Everwire.server(0)
          .topic(TopicRule.named("feed"))
          .expose(Chain.class, chain)
          .method(
              "add",
              call -> call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class))
          .method(
              "ask",
              call -> call.caller().peer().call("greet", Map.of("name", "ann"), String.class))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
  }

  @Test
  void aSubscriptionOfEthereumsKind() throws Exception {
    End end = new End();
    end.say(request(1, "eth_subscribe", "[\"newHeads\"]"));
    RawJson id = RawJson.parse(end.hear()).members().get("result");
    blocks.add(17);
    assertThat(end.hear())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":"
                + id
                + ",\"result\":17}}");
    end.say(request(2, "eth_unsubscribe", "[" + id + "]"));
    assertThat(end.hear()).contains("\"result\":true");

    try (Client client = Everwire.client(uri()).connect()) {
      Chain proxy = client.proxy(Chain.class);
      assertThatThrownBy(() -> proxy.blocks("newHeads"))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageStartingWith("eth_subscribe: is a subscription");
    }
  }

  @Test
  void theOlderWire() throws Exception {
    End end = new End();
    end.say(
        "{\"request\":{\"method\":\"add\",\"arguments\":{\"a\":2,\"b\":3},\"call_id\":\"5f\"}}");
    assertThat(end.hear())
        .isEqualTo(
            "{\"request\":null,\"response\":{\"result\":5,\"result_type\":\"int\",\"call_id\":\"5f\"}}");

    try (Client client =
        Everwire.client(uri())
            .dialect(Dialect.FASTAPI_RPC)
            .method("greet", call -> "hello " + call.params().get(0, "name", String.class))
            .connect()) {
      assertThat(client.call("add", Map.of("a", 2, "b", 3), int.class)).isEqualTo(5);
      assertThat(client.call("ask", null, String.class)).isEqualTo("hello ann");
    }
  }

  @Test
  void jsonInBinaryMessagesWithTheEventsOfATopic() throws Exception {
    End end = new End();
    end.sayBinary(request(1, "rpc.subscribe", "{\"topic\":\"feed\"}"));
    assertThat(end.hear()).startsWith("binary ").contains("\"id\":1", "\"result\"");
    server.topics().publish("feed", "tick");
    assertThat(end.hear())
        .isEqualTo(
            "binary {\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":"
                + "{\"topic\":\"feed\",\"offset\":1,\"data\":\"tick\"}}");
    end.say(request(2, "add", "[2,3]"));
    assertThat(end.hear()).isEqualTo("binary {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":5}");

    try (Client client = Everwire.client(uri()).plain().binaryMessages().connect()) {
      assertThat(client.call("add", Map.of("a", 2, "b", 3), int.class)).isEqualTo(5);
    }
  }

  @Test
  void oneEventOfRpcWebsocketsInTwoFormsAtOnce() throws Exception {
    End text = new End();
    End binary = new End();
    text.say(request(1, "rpc.on", "[\"feed\"]"));
    binary.sayBinary(request(1, "rpc.on", "[\"feed\"]"));
    assertThat(text.hear()).contains("{\"feed\":\"ok\"}");
    assertThat(binary.hear()).startsWith("binary ").contains("{\"feed\":\"ok\"}");

    for (int i = 1; i <= 3; i++) {
      server.topics().publish("feed", i);
      String told = "{\"notification\":\"feed\",\"params\":[" + i + "]}";
      assertThat(text.hear()).isEqualTo(told);
      assertThat(binary.hear()).isEqualTo("binary " + told);
    }
  }

  private URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/ws");
  }

  private static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  /** A connection of the JDK's. */
  private final class End implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private final WebSocket socket = http.newWebSocketBuilder().buildAsync(uri(), this).join();

    void say(String text) {
      var unused = socket.sendText(text, true).join();
    }

    void sayBinary(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      var unused = socket.sendBinary(ByteBuffer.wrap(utf8), true).join();
    }

    String hear() throws InterruptedException {
      String next = heard.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was heard");
      }
      return next;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      return part("", data, last, from);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      return part("binary ", StandardCharsets.UTF_8.decode(data), last, from);
    }

    private CompletionStage<?> part(
        String prefix, CharSequence data, boolean last, WebSocket from) {
      parts.append(data);
      if (last) {
        heard.add(prefix + parts);
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
