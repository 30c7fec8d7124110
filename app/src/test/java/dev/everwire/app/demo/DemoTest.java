package dev.everwire.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.app.Served;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The methods of the demo as a plain JSON-RPC 2.0 peer sees them. */
final class DemoTest {
  private static Served server;
  private TextClient client;

  @BeforeAll
  static void start() throws Exception {
    server = Served.demo("test");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() {
    client = TextClient.to(server.port(), "/ws");
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add | [2,3] | 5
          add | [9007199254740993,1] | 9007199254740994
          add | [123456789012345678901234567890,1] | 123456789012345678901234567891
          add | [0.1,0.2] | 0.3
          add | [1e3,0] | 1000
          add | [-1.50,1.5] | 0
          add | {"b":1,"a":2} | 3
          subtract | [42,23] | 19
          subtract | {"subtrahend":23,"minuend":42} | 19
          sum | [1,2,4] | 7
          sum | [] | 0
          get_data | [] | ["hello",5]
          echo | [1,{"x":"ä"},null,1.0e-3] | [1,{"x":"ä"},null,1.0e-3]
          echo | {"a":[]} | {"a":[]}
          echo.fast | [1,{"x":"ä"}] | [1,{"x":"ä"}]
          slow | [1] | 1
          """)
  void answers(String method, String params, String result) throws Exception {
    assertThat(call(method, params).get("result")).hasToString(result);
  }

  @Test
  void withoutParametersEchoAnswersNull() throws Exception {
    assertThat(RawJson.parse(answer("echo", null)))
        .isEqualTo(RawJson.parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add | [1] | -32602
          add | [1,2,3] | -32602
          add | ["1",2] | -32602
          add | [1,null] | -32602
          add | {"a":1,"c":2} | -32602
          add | [1e999999999,1] | -32602
          add | [1e-999999999,1] | -32602
          add | [1e99999999999,1] | -32602
          subtract | {"minuend":1} | -32602
          subtract | [true,1] | -32602
          sum | [1,"2"] | -32602
          sum | {"a":1} | -32602
          slow | [-1] | -32602
          slow | ["x"] | -32602
          slow | [99999999] | -32602
          callme | [] | -32602
          callme | ["x",5] | -32602
          notified | ["other"] | -32602
          fail | [] | -32000
          fail | ["x"] | -32602
          foobar | [] | -32601
          """)
  void refuses(String method, String params, long code) throws Exception {
    assertThat(call(method, params).object("error").integer("code")).isEqualTo(code);
  }

  @Test
  void failsAsAsked() throws Exception {
    assertThat(call("fail", "[7,\"seven\",{\"why\":[1]}]").get("error"))
        .hasToString("{\"code\":7,\"message\":\"seven\",\"data\":{\"why\":[1]}}");
  }

  @Test
  void countsNotifications() throws Exception {
    long before = counted("update");
    client.send("{\"jsonrpc\":\"2.0\",\"method\":\"update\",\"params\":[1,2,3,4,5]}");
    client.send("{\"jsonrpc\":\"2.0\",\"method\":\"update\"}");
    assertThat(counted("update")).isEqualTo(before + 2);
    RawJson all = call("notified", "[]").get("result");
    assertThat(all.members().names()).containsExactly("update", "notify_hello", "notify_sum");
  }

  @Test
  void callsItsCallerBackAndGivesTheAnswerAsItIs() throws Exception {
    client.send(request("callme", "[\"mine\",{\"x\":1}]"));
    JsonMembers back = RawJson.parse(client.text()).members();
    assertThat(back.string("method")).isEqualTo("mine");
    assertThat(back.get("params")).hasToString("{\"x\":1}");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":" + back.get("id") + ",\"result\":[1.0,\"r\"]}");
    assertThat(RawJson.parse(client.text()).members().get("result")).hasToString("[1.0,\"r\"]");
  }

  @Test
  void callsItsCallerBackAndGivesTheErrorAsItIs() throws Exception {
    client.send(request("callme", "[\"mine\"]"));
    JsonMembers back = RawJson.parse(client.text()).members();
    assertThat(back.get("params")).isNull();
    String error = "{\"code\":99,\"message\":\"no\",\"data\":[1]}";
    client.send("{\"jsonrpc\":\"2.0\",\"id\":" + back.get("id") + ",\"error\":" + error + "}");
    assertThat(RawJson.parse(client.text()).members().get("error")).hasToString(error);
  }

  @Test
  void notifiesItsCaller() throws Exception {
    client.send(request("notifyme", "[\"mine\",[1,2]]"));
    List<String> both = new ArrayList<>(List.of(client.text(), client.text()));
    assertThat(both)
        .containsExactlyInAnyOrder(
            "{\"jsonrpc\":\"2.0\",\"method\":\"mine\",\"params\":[1,2]}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}");
  }

  @Test
  void answersOvertakeASlowOne() throws Exception {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":\"slow\",\"method\":\"slow\",\"params\":[300]}");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":\"fast\",\"method\":\"slow\",\"params\":[0]}");
    assertThat(RawJson.parse(client.text()).members().string("id")).isEqualTo("fast");
    assertThat(RawJson.parse(client.text()).members().string("id")).isEqualTo("slow");
  }

  private long counted(String name) throws Exception {
    return call("notified", "[\"" + name + "\"]").integer("result");
  }

  private JsonMembers call(String method, String params) throws Exception {
    return RawJson.parse(answer(method, params)).members();
  }

  private String answer(String method, String params) throws Exception {
    client.send(request(method, params));
    return client.text();
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
        + method
        + (params == null ? "\"}" : "\",\"params\":" + params + "}");
  }
}
