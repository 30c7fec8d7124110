package dev.everwire.session.internal.discover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Signature;
import dev.everwire.session.Signature.Example;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import dev.everwire.session.contract.Doc;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OpenRpcTest {

  @Doc("What somebody wants.")
  record Order(@Doc("Of the article.") String sku, int quantity) {}

  /** Texts are strings, everything else has a name. */
  private static final TypeSchemas SCHEMAS =
      docs ->
          new TypeSchemas.Book() {
            private final Map<String, RawJson> named = new LinkedHashMap<>();

            @Override
            public RawJson schema(Type type) {
              if (type == String.class) {
                return RawJson.parse("{\"type\":\"string\"}");
              }
              Class<?> raw = (Class<?>) type;
              named.put(
                  raw.getSimpleName(),
                  RawJson.parse(
                      "{\"description\":\""
                          + docs.type(raw)
                          + " "
                          + docs.member(raw, "sku")
                          + "\"}"));
              return RawJson.parse("{\"$ref\":\"" + REFERENCE + raw.getSimpleName() + "\"}");
            }

            @Override
            public Map<String, RawJson> named() {
              return named;
            }
          };

  @Test
  void aServiceWithoutMethodsIsDescribed() {
    assertThat(OpenRpc.document("Desk", "1.4", List.of(), SCHEMAS))
        .hasToString(
            "{\"openrpc\":\"1.3.2\",\"info\":{\"title\":\"Desk\",\"version\":\"1.4\"},"
                + "\"methods\":[]}");
  }

  @Test
  void ofALambdaOnlyTheNameIsKnown() {
    Exposed echo = Exposed.of("echo", call -> null, Execution.CONCURRENT);

    assertThat(method(echo))
        .hasToString(
            "{\"name\":\"echo\",\"paramStructure\":\"either\",\"params\":[],"
                + "\"result\":{\"name\":\"result\",\"schema\":{}},\"x-everwire-untyped\":true}");
  }

  @Test
  void parametersSayWhatIsRequiredAndWhatStandsForTheMissing() {
    Exposed place =
        exposed(
            Signature.named("orders.place")
                .parameter(Parameter.required("order", Order.class).doc("The order. All of it."))
                .parameter(Parameter.optional("note", String.class))
                .parameter(
                    new Parameter(
                        "way", Order.class, false, false, RawJson.parse("{\"a\":1}"), "")));

    assertThat(method(place).members().get("params"))
        .hasToString(
            "[{\"name\":\"order\",\"summary\":\"The order.\",\"description\":\"The order. All of it.\","
                + "\"required\":true,\"schema\":{\"$ref\":\"#/components/schemas/Order\"}},"
                + "{\"name\":\"note\",\"required\":false,\"schema\":{\"type\":[\"string\",\"null\"]}},"
                + "{\"name\":\"way\",\"required\":false,\"schema\":{\"anyOf\":["
                + "{\"$ref\":\"#/components/schemas/Order\"},{\"type\":\"null\"}],"
                + "\"default\":{\"a\":1}}}]");
  }

  @Test
  void resultsSayWhetherThereIsNone() {
    assertThat(result(Result.of(void.class)))
        .hasToString("{\"name\":\"result\",\"schema\":{\"type\":\"null\"}}");
    assertThat(result(Result.of(String.class)))
        .hasToString("{\"name\":\"result\",\"schema\":{\"type\":\"string\"}}");
    assertThat(result(new Result(Order.class, true, false, "The order.")))
        .hasToString(
            "{\"name\":\"result\",\"summary\":\"The order.\",\"schema\":{\"anyOf\":["
                + "{\"$ref\":\"#/components/schemas/Order\"},{\"type\":\"null\"}]}}");
  }

  @Test
  void aStreamIsAListForThoseWhoKnowNoStreams() {
    assertThat(result(new Result(String.class, false, true, "")))
        .hasToString(
            "{\"name\":\"result\",\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                + "\"x-everwire-stream\":true}");
  }

  @Test
  void aNotificationHasNoResult() {
    JsonMembers told = method(exposed(Signature.named("told").notification(true))).members();

    assertThat(told.names()).containsExactly("name", "paramStructure", "params");
  }

  @Test
  void whatElseIsKnownOfAMethodIsSaid() {
    JsonMembers find =
        method(
                exposed(
                    Signature.named("shop.orders.find")
                        .doc("Finds an order.\n\nIt has to be one's own.")
                        .deprecated(true)
                        .idempotent(true)
                        .error(new Failure(404, "no such order", null))
                        .error(new Failure(409, "taken", String.class))))
            .members();

    assertThat(find.get("tags")).hasToString("[{\"name\":\"shop.orders\"}]");
    assertThat(find.string("summary")).isEqualTo("Finds an order.");
    assertThat(find.string("description")).isEqualTo("Finds an order.\n\nIt has to be one's own.");
    assertThat(find.get("deprecated")).hasToString("true");
    assertThat(find.get("x-everwire-idempotent")).hasToString("true");
    assertThat(find.get("errors"))
        .hasToString(
            "[{\"code\":404,\"message\":\"no such order\"},{\"code\":409,\"message\":\"taken\"}]");
    assertThat(find.get("x-everwire-error-data")).hasToString("{\"409\":{\"type\":\"string\"}}");
  }

  @Test
  void examplesNameEachValue() {
    JsonMembers add =
        method(
                exposed(
                    Signature.named("add")
                        .parameter(Parameter.required("a", String.class))
                        .parameter(Parameter.required("b", String.class))
                        .result(Result.of(String.class))
                        .example(new Example("two", array("[1,2]"), RawJson.number(3)))
                        .example(new Example("", array("{\"b\":null,\"a\":1}"), null))
                        .example(new Example("none", null, null))))
            .members();

    assertThat(add.get("examples"))
        .hasToString(
            "[{\"name\":\"two\",\"params\":[{\"name\":\"a\",\"value\":1},{\"name\":\"b\",\"value\":2}],"
                + "\"result\":{\"name\":\"result\",\"value\":3}},"
                + "{\"name\":\"example 2\",\"params\":[{\"name\":\"b\",\"value\":null},"
                + "{\"name\":\"a\",\"value\":1}]},"
                + "{\"name\":\"none\",\"params\":[]}]");
  }

  @Test
  void typesComeWithWhatPeopleWroteAboutThem() {
    Exposed place =
        exposed(Signature.named("place").parameter(Parameter.required("order", Order.class)));

    RawJson document = OpenRpc.document("Desk", "1", List.of(place), SCHEMAS);

    assertThat(document.members().get("components"))
        .hasToString(
            "{\"schemas\":{\"Order\":{\"description\":\"What somebody wants. Of the article.\"}}}");
  }

  private static RawJson array(String json) {
    return RawJson.parse(json);
  }

  private static Exposed exposed(Signature.Builder signature) {
    Signature built = signature.build();
    return Exposed.of(built.name(), call -> null, Execution.CONCURRENT).describedBy(built);
  }

  private static RawJson method(Exposed method) {
    RawJson document = OpenRpc.document("Desk", "1", List.of(method), SCHEMAS);
    return Objects.requireNonNull(document.members().get("methods")).elements().getFirst();
  }

  private static RawJson result(Result result) {
    RawJson method = method(exposed(Signature.named("find").result(result)));
    return Objects.requireNonNull(method.members().get("result"));
  }
}
