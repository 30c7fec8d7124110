package dev.everwire.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.everwire.app.Served;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The exchanges of the shared vectors, those of JSON-RPC 2.0 section 7 first, with a server that
 * serves the specification's methods.
 */
final class ExchangesTest {
  private static final String LAST =
      "{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"method\":\"get_data\"}";
  private static final String LAST_ANSWER =
      "{\"jsonrpc\":\"2.0\",\"id\":\"last\",\"result\":[\"hello\",5]}";

  private static Served server;

  @BeforeAll
  static void start() throws Exception {
    server = Served.demo("test");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> eachMessageIsAnsweredAsItHasToBe() throws Exception {
    return cases().stream().map(c -> dynamicTest(c.string("name"), () -> check(c)));
  }

  private static void check(JsonMembers exchange) throws Exception {
    RawJson expected = exchange.get("out");
    try (TextClient client = TextClient.to(server.port(), "/ws")) {
      client.send(exchange.string("in"));
      if (expected != null) {
        same(RawJson.parse(client.text()), expected);
      }
      // Nothing else comes: a later call would be answered behind it.
      client.send(LAST);
      assertThat(client.text()).isEqualTo(LAST_ANSWER);
    }
  }

  private static void same(RawJson came, RawJson expected) {
    assertThat(came.kind()).isEqualTo(expected.kind());
    if (expected.kind() == RawJson.Kind.OBJECT) {
      assertThat(answers(came.members(), expected.members())).as("%s", came).isTrue();
      return;
    }
    List<RawJson> left = new ArrayList<>(came.elements());
    for (RawJson one : expected.elements()) {
      RawJson match =
          left.stream()
              .filter(answer -> answers(answer.members(), one.members()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(one + " is not in " + came));
      left.remove(match);
    }
    assertThat(left).as("more than expected").isEmpty();
  }

  private static boolean answers(JsonMembers came, JsonMembers expected) {
    if (!came.names().containsAll(expected.names())
        || came.names().size() != expected.names().size()
        || !came.string("jsonrpc").equals("2.0")
        || !String.valueOf(came.get("id")).equals(String.valueOf(expected.get("id")))) {
      return false;
    }
    JsonMembers error = came.object("error");
    JsonMembers expectedError = expected.object("error");
    return error == null || expectedError == null
        ? String.valueOf(came.get("result")).equals(String.valueOf(expected.get("result")))
        : error.integer("code") == expectedError.integer("code")
            && error.string("message").startsWith(expectedError.string("message"));
  }

  private static List<JsonMembers> cases() throws Exception {
    try (InputStream in = Message.class.getResourceAsStream("vectors/exchanges.json")) {
      return RawJson.parse(in.readAllBytes()).members().get("cases").elements().stream()
          .map(RawJson::members)
          .toList();
    }
  }
}
