package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonMembersTest {
  private static final JsonMembers MEMBERS =
      RawJson.parse(
              """
              { "s": "é\\n", "i" : -12, "b":true, "o":{"x":1}, "l":["a","\\u0062"], "e":[],
                "n": null, "f": 1.5, "\\u0075": 1, "twice": {"a":1,"a":2} }
              """)
          .members();

  @Test
  void eachKindIsReadByItsName() {
    assertThat(MEMBERS.string("s")).isEqualTo("é\n");
    assertThat(MEMBERS.stringOrNull("s")).isEqualTo("é\n");
    assertThat(MEMBERS.integer("i")).isEqualTo(-12);
    assertThat(MEMBERS.integer("i", 5)).isEqualTo(-12);
    assertThat(MEMBERS.bool("b", false)).isTrue();
    assertThat(MEMBERS.object("o")).extracting(o -> o.integer("x")).isEqualTo(1L);
    assertThat(MEMBERS.strings("l")).containsExactly("a", "b");
    assertThat(MEMBERS.strings("e")).isEmpty();
    assertThat(MEMBERS.get("l")).hasToString("[\"a\",\"\\u0062\"]");
    assertThat(MEMBERS.integer("u")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "n", ""})
  void aMissingMemberAndANullAreAbsent(String name) {
    assertThat(MEMBERS.get(name)).isNull();
    assertThat(MEMBERS.stringOrNull(name)).isNull();
    assertThat(MEMBERS.integer(name, 5)).isEqualTo(5);
    assertThat(MEMBERS.bool(name, true)).isTrue();
    assertThat(MEMBERS.object(name)).isNull();
    assertThat(MEMBERS.strings(name)).isEmpty();
    refused(m -> m.string(name), name + ": missing");
    refused(m -> m.integer(name), name + ": missing");
  }

  @Test
  void aMessageNamesTheMemberAndTheExpectation() {
    refused(m -> m.string("i"), "i: expected a string");
    refused(m -> m.stringOrNull("o"), "o: expected a string");
    refused(m -> m.integer("s"), "s: expected an integer");
    refused(m -> m.integer("f"), "f: expected an integer");
    refused(m -> m.integer("f", 1), "f: expected an integer");
    refused(m -> m.bool("i", true), "i: expected a boolean");
    refused(m -> m.object("l"), "l: expected an object");
    refused(m -> m.strings("o"), "o: expected an array of strings");
    refused(m -> m.strings("i"), "i: expected an array of strings");
    refused(m -> m.object("twice"), "twice: byte 11: expected each member name once");
  }

  @Test
  void anArrayOfStringsHoldsNothingElse() {
    JsonMembers members = RawJson.parse("{\"l\":[\"a\",1]}").members();

    assertThatThrownBy(() -> members.strings("l")).hasMessage("l: expected an array of strings");
  }

  @Test
  void namesStandInTheOrderOfTheText() {
    assertThat(MEMBERS.names())
        .containsExactly("s", "i", "b", "o", "l", "e", "n", "f", "u", "twice");
    assertThat(RawJson.parse("{ }").members().names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 15, 16, 17, 18, 100, 1_000})
  void anyNumberOfMembersIsFoundAndNoneStandsTwice(int count) {
    String inner =
        IntStream.range(0, count)
            .mapToObj(i -> "\"m" + i + "\":" + i)
            .collect(Collectors.joining(","));
    JsonMembers members = RawJson.parse("{" + inner + "}").members();

    for (int i = 0; i < count; i++) {
      assertThat(members.integer("m" + i)).isEqualTo(i);
    }
    assertThat(members.get("m" + count)).isNull();
    assertThat(members.names()).hasSize(count);
    for (int i : new int[] {0, count / 2, count - 1}) {
      RawJson twice = RawJson.parse("{" + inner + ",\"\\u006d" + i + "\":0}");
      assertThatThrownBy(twice::members)
          .isInstanceOf(JsonException.class)
          .hasMessageEndingWith("expected each member name once");
    }
  }

  private static void refused(Consumer<JsonMembers> reading, String message) {
    assertThatThrownBy(() -> reading.accept(MEMBERS))
        .isInstanceOf(JsonException.class)
        .hasMessage(message);
  }
}
