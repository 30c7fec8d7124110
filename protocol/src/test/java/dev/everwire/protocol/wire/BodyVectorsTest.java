package dev.everwire.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.everwire.protocol.Vectors;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class BodyVectorsTest {

  @TestFactory
  Stream<DynamicTest> eachBodyIsReadAsExpected() {
    return cases().stream().map(c -> dynamicTest(c.string("name"), () -> check(c)));
  }

  @Test
  void noTwoCasesHaveTheSameName() {
    assertThat(cases()).extracting(c -> c.string("name")).doesNotHaveDuplicates();
  }

  private static List<JsonMembers> cases() {
    return Objects.requireNonNull(Vectors.read("bodies.json").get("cases")).elements().stream()
        .map(RawJson::members)
        .toList();
  }

  private static void check(JsonMembers vector) {
    RawJson in = Objects.requireNonNull(vector.get("in"));
    String wrong = vector.stringOrNull("wrong");
    if (wrong == null) {
      assertThat(read(vector.string("body"), in)).isEqualTo(vector.get("read"));
    } else {
      assertThatThrownBy(() -> read(vector.string("body"), in))
          .isInstanceOf(JsonException.class)
          .hasMessageContaining(wrong);
    }
  }

  private static RawJson read(String body, RawJson in) {
    JsonWriter out = new JsonWriter().beginObject();
    switch (body) {
      case "hello" -> text(out, "token", Hello.read(in).token());
      case "welcome" -> {
        Welcome welcome = Welcome.read(in);
        text(out, "user", welcome.user()).name("authExpiresIn").value(welcome.authExpiresIn());
      }
      case "auth" -> text(out, "token", Auth.read(in).token());
      case "accepted" -> {
        Auth.Accepted accepted = Auth.Accepted.read(in);
        text(out, "user", accepted.user().isEmpty() ? null : accepted.user())
            .name("authExpiresIn")
            .value(accepted.expiresIn());
      }
      case "authExpiring" -> out.name("inMs").value(AuthExpiring.read(in).in().toMillis());
      case "alert" -> {
        Alert alert = Alert.read(in);
        text(text(out, "severity", alert.severity()), "message", alert.message());
        out.name("data").value(alert.data() == null ? RawJson.NULL : alert.data());
      }
      case "unsubscribed" -> {
        Unsubscribed ended = Unsubscribed.read(in);
        text(out, "topic", ended.topic()).name("code").value(ended.code());
        text(out, "reason", ended.reason());
      }
      default -> throw new AssertionError(body);
    }
    return out.endObject().toRawJson();
  }

  private static JsonWriter text(JsonWriter out, String name, @Nullable String value) {
    out.name(name);
    return value == null ? out.value(RawJson.NULL) : out.value(value);
  }
}
