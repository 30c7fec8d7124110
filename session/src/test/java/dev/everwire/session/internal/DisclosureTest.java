package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.Test;

class DisclosureTest {
  @Test
  void sanitisedTellsANumberAndNothingElse() {
    Fault fault = Disclosure.SANITISED.internal("0badcafe", new IllegalStateException("secret"));
    assertThat(fault).isEqualTo(Fault.of(-32603, "Internal error: incident 0badcafe"));
  }

  @Test
  void fullTellsTypeTextAndTrace() {
    Fault fault = Disclosure.FULL.internal("0badcafe", new IllegalStateException("the reason"));
    assertThat(fault.message()).isEqualTo("Internal error: incident 0badcafe");
    RawJson data = fault.data();
    assertThat(data).isNotNull();
    JsonMembers members = data.members();
    assertThat(members.string("type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(members.string("message")).isEqualTo("the reason");
    assertThat(members.strings("trace")).first().asString().contains("DisclosureTest.fullTells");
  }

  @Test
  void whatIsToldIsBounded() {
    RawJson data =
        Disclosure.FULL.internal("1", deep(1_000, new Error("x".repeat(100_000)))).data();
    assertThat(data).isNotNull();
    assertThat(data.members().strings("trace")).hasSizeLessThanOrEqualTo(20);
    assertThat(data.length()).isLessThan(32_000);
  }

  @Test
  void anExceptionWithoutTextHasNone() {
    RawJson data = Disclosure.FULL.internal("1", new NullPointerException()).data();
    assertThat(data).isNotNull();
    assertThat(data.members().stringOrNull("message")).isNull();
  }

  private static Throwable deep(int calls, Throwable what) {
    if (calls > 0) {
      return deep(calls - 1, what);
    }
    var unused = what.fillInStackTrace();
    return what;
  }
}
