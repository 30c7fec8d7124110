package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import org.junit.jupiter.api.Test;

class SignatureTest {
  @Test
  void aLambdaCanBeDescribed() {
    Signature add =
        Signature.named("add")
            .doc("Adds.")
            .parameter(Parameter.required("a", int.class))
            .parameter(Parameter.optional("b", int.class).doc("1 unless said"))
            .result(Result.of(int.class))
            .build();

    Exposed method = Exposed.of("add", call -> 1, Execution.NON_BLOCKING).describedBy(add);

    assertThat(method.signature()).containsSame(add);
    assertThat(method.execution()).isEqualTo(Execution.NON_BLOCKING);
    assertThat(add).hasToString("add(a, b)");
    assertThat(add.parameters().get(1).doc()).isEqualTo("1 unless said");
    assertThat(Methods.builder().add(method).build().all().iterator().next().signature())
        .containsSame(add);
  }

  @Test
  void aNotificationAnswersNothing() {
    assertThat(Signature.named("n").notification(true).build().result()).isEmpty();
    assertThat(Signature.named("m").build().result()).contains(Result.of(void.class));
  }

  @Test
  void theDescriptionIsOfThatMethodAndNamesEachParameterOnce() {
    Signature other = Signature.named("other").build();
    assertThatThrownBy(() -> Exposed.of("add", call -> 1, Execution.CONCURRENT).describedBy(other))
        .hasMessage("signature: \"other\" (expected: \"add\")");
    assertThatThrownBy(() ->
            Signature.named("m")
                .parameter(Parameter.required("a", int.class))
                .parameter(Parameter.required("a", long.class)))
        .hasMessage("parameter: \"a\" (expected: not given before)");
  }
}
