package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a peer must not be able to do to a server, over real sockets: each case ends with the right
 * error or close code, another client is served all the time, and no connection is left over.
 */
final class BadInputTest {
  private static final int INBOUND_LIMIT = 10 * 1024 * 1024;
  private static final String SECRET = "s3cret-in-an-exception";

  private static Server server;
  private TextClient other;
  private TextClient client;

  @BeforeAll
  static void start() throws IOException {
    server =
        Everwire.server(0)
            .topic(TopicRule.named("**").publishable())
            .method(
                "add",
                call -> call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class))
            .method("echo", call -> call.params().raw())
            .method(
                "boom",
                call -> {
                  throw new IllegalStateException(SECRET);
                })
            .method(
                "error",
                call -> {
                  throw new StackOverflowError(SECRET);
                })
            .drainFor(Duration.ofMillis(100))
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() {
    other = TextClient.to(server.port(), "/ws");
    client = TextClient.to(server.port(), "/ws");
  }

  @AfterEach
  void everybodyElseIsServedAndNothingIsLeft() throws Exception {
    assertServed(other);
    try (TextClient next = TextClient.to(server.port(), "/ws")) {
      assertServed(next);
    }
    client.close();
    other.close();
    Await.until(() -> server.connections() == 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -32700 |
          -32700 | {
          -32700 | {"jsonrpc":"2.0","method":"add","id":1,}
          -32700 | {"jsonrpc":"2.0","method":"add","id":1} x
          -32700 | [1,2
          -32700 | nul
          -32700 | {"jsonrpc":"2.0","method":"\\u12"}
          -32600 | []
          -32600 | "text"
          -32600 | 17
          -32600 | null
          -32600 | {}
          -32600 | {"method":"add","id":1}
          -32600 | {"jsonrpc":"1.0","method":"add","id":1}
          -32600 | {"jsonrpc":2.0,"method":"add","id":1}
          -32600 | {"jsonrpc":"2.0","method":7,"id":1}
          -32600 | {"jsonrpc":"2.0","method":"","id":1}
          -32600 | {"jsonrpc":"2.0","method":"add","id":{}}
          -32600 | {"jsonrpc":"2.0","method":"add","id":1,"params":5}
          -32600 | {"jsonrpc":"2.0","method":"add","id":1,"params":"x"}
          -32601 | {"jsonrpc":"2.0","method":"foobar","id":1}
          -32601 | {"jsonrpc":"2.0","method":"_private","id":1}
          -32601 | {"jsonrpc":"2.0","method":"rpc.unknown","id":1}
          -32601 | {"jsonrpc":"2.0","method":"rpc.event","id":1}
          -32601 | {"jsonrpc":"2.0","method":"toString","id":1}
          -32602 | {"jsonrpc":"2.0","method":"add","id":1}
          -32602 | {"jsonrpc":"2.0","method":"add","id":1,"params":[1]}
          -32602 | {"jsonrpc":"2.0","method":"add","id":1,"params":["a",{}]}
          -32602 | {"jsonrpc":"2.0","method":"add","id":1,"params":[1,99999999999]}
          -32602 | {"jsonrpc":"2.0","method":"rpc.subscribe","id":1}
          -32602 | {"jsonrpc":"2.0","method":"rpc.subscribe","id":1,"params":{"topic":5}}
          -32602 | {"jsonrpc":"2.0","method":"rpc.subscribe","id":1,"params":{"topic":"a","since":{"epoch":"e","offset":-1}}}
          -32602 | {"jsonrpc":"2.0","method":"rpc.publish","id":1,"params":["a"]}
          """)
  void isAnsweredWith(long code, String text) throws Exception {
    JsonMembers answer = client.ask(text == null ? "" : text);
    assertThat(answer.object("error").integer("code")).isEqualTo(code);
    assertThat(answer.string("jsonrpc")).isEqualTo("2.0");
    assertServed(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a//b", "/a", "a/", "$other", "a b", "ä", "*", "a/*", "{id}"})
  void aBadTopicNameIsRefused(String name) throws Exception {
    for (String method : new String[] {"rpc.subscribe", "rpc.publish", "rpc.history"}) {
      JsonMembers answer =
          client.ask(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                  + method
                  + "\",\"params\":{\"topic\":\""
                  + name
                  + "\",\"data\":1}}");
      assertThat(answer.object("error").integer("code")).as(method).isEqualTo(-32602);
    }
  }

  @Test
  void aTopicNameOf201CharactersIsRefused() throws Exception {
    JsonMembers answer =
        client.ask(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.subscribe\",\"params\":{\"topic\":\""
                + "a".repeat(201)
                + "\"}}");
    assertThat(answer.object("error").integer("code")).isEqualTo(-32602);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boom", "error"})
  void whatAHandlerThrowsStaysHere(String method) throws Exception {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
    String answer = client.text();
    assertThat(answer).doesNotContain(SECRET, "Exception", "Error:", ".java");
    assertThat(RawJson.parse(answer).members().object("error").integer("code")).isEqualTo(-32603);
    assertServed(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void nestingOf100000LevelsIsRefused(String open) throws Exception {
    String deep = open.repeat(100_000) + "1" + (open.equals("[") ? "]" : "}").repeat(100_000);
    JsonMembers answer =
        client.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":" + deep + "}");
    assertThat(answer.object("error").integer("code")).isEqualTo(-32700);
    assertServed(client);
  }

  @Test
  void aBatchOf101IsRefused() throws Exception {
    String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}";
    JsonMembers answer = client.ask("[" + (call + ",").repeat(100) + call + "]");
    assertThat(answer.object("error").integer("code")).isEqualTo(-32600);
  }

  @Test
  void aMessageOfTheLimitIsServedAndOneByteMoreClosesWith1009() throws Exception {
    String begin = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[1,2,\"";
    String end = "\"]}";
    String fits = begin + "x".repeat(INBOUND_LIMIT - begin.length() - end.length()) + end;
    assertThat(client.ask(fits).integer("result")).isEqualTo(3);
    client.send(fits + " ");
    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void aLongMessageInFragmentsClosesWith1009() throws Exception {
    String part = "x".repeat(INBOUND_LIMIT / 2 + 1);
    client.send(part, part);
    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void binaryClosesWith4400() throws Exception {
    client.send(new byte[] {2, 0, 1});
    assertThat(client.closeCode()).isEqualTo(4400);
  }

  @Test
  void aPeerThatVanishesInMidFrameLeavesNothingBehind() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = upgraded()) {
        OutputStream out = socket.getOutputStream();
        // FIN, text, masked, 65 536 bytes announced of which 3 come
        out.write(
            new byte[] {
              (byte) 0x81, (byte) 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c'
            });
        out.flush();
        socket.setSoLinger(i % 2 == 0, 0); // every second one with a reset
      }
    }
    Await.until(() -> server.connections() == 2);
  }

  @ParameterizedTest
  @CsvSource({
    "c100, 1002", // text without a mask
    "f18000000000, 1002", // reserved bits
    "838000000000, 1002", // an unknown opcode
    "808000000000, 1002", // a continuation of nothing
    "89fe007e00000000, 1002", // a ping of 126 bytes
    "818200000000c328, 1007", // no UTF-8
    "81ffffffffffffffffff00000000, 1002|1009", // a length with its highest bit set
    "88820000000003ed, 1002" // 1005 in a Close frame
  })
  void aBrokenFrameIsAnsweredWithItsCloseCode(String hex, String codes) throws Exception {
    try (Socket socket = upgraded()) {
      socket.getOutputStream().write(HexFormat.of().parseHex(hex));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo(0x88);
      assertThat(in.read()).isGreaterThanOrEqualTo(2);
      int code = in.read() << 8 | in.read();
      assertThat(codes.split("\\|")).contains(String.valueOf(code));
    }
  }

  private static Socket upgraded() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            """
            GET /ws HTTP/1.1\r
            Host: localhost\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("end of the answer to the upgrade: %s", head).isNotNegative();
      head.append((char) next);
    }
    assertThat(head).startsWith("HTTP/1.1 101 ");
    return socket;
  }

  private static void assertServed(TextClient client) throws InterruptedException {
    assertThat(
            client
                .ask("{\"jsonrpc\":\"2.0\",\"id\":\"served\",\"method\":\"add\",\"params\":[1,2]}")
                .integer("result"))
        .isEqualTo(3);
  }
}
