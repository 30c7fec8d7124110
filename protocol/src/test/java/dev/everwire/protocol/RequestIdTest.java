package dev.everwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RequestIdTest {

  @Test
  void anIdOfTheServerNeverEqualsOneOfTheClient() {
    assertThat(RequestId.number(1)).hasToString("1");
    assertThat(RequestId.server(1)).hasToString("\"s:1\"").isNotEqualTo(RequestId.number(1));
  }

  @Test
  void idsAreEqualWhenTheirTextIs() {
    assertThat(new RequestId("null")).isEqualTo(RequestId.NULL);
    assertThat(new RequestId("1.0")).isNotEqualTo(RequestId.number(1));
  }

  @Test
  void anIdHasText() {
    assertThatThrownBy(() -> new RequestId("")).isInstanceOf(IllegalArgumentException.class);
  }
}
