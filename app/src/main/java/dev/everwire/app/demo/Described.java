package dev.everwire.app.demo;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.Signature;
import dev.everwire.session.Signature.Example;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the demo's methods take and answer, for {@code rpc.discover}. Immutable. */
public final class Described {
  private static final Map<String, Signature> BY_NAME =
      Stream.of(
              Signature.named("add")
                  .doc("Adds two numbers of any size, exactly.")
                  .parameter(Parameter.required("a", BigDecimal.class))
                  .parameter(Parameter.required("b", BigDecimal.class))
                  .result(Result.of(BigDecimal.class))
                  .idempotent(true)
                  .example(example("small", "[0.1,0.2]", "0.3")),
              Signature.named("subtract")
                  .doc("Subtracts one number from another, exactly.")
                  .parameter(Parameter.required("minuend", BigDecimal.class))
                  .parameter(Parameter.required("subtrahend", BigDecimal.class))
                  .result(Result.of(BigDecimal.class))
                  .idempotent(true)
                  .example(example("positional", "[42,23]", "19"))
                  .example(example("named", "{\"subtrahend\":23,\"minuend\":42}", "19")),
              Signature.named("get_data")
                  .doc("Answers a text and a number.")
                  .result(Result.of(Object[].class))
                  .example(example("get", "[]", "[\"hello\",5]")),
              Signature.named("fail")
                  .doc("Fails as asked.")
                  .parameter(Parameter.optional("code", Integer.class))
                  .parameter(Parameter.optional("message", String.class))
                  .parameter(Parameter.optional("data", Object.class))
                  .error(new Failure(-32000, "failed as asked", null)),
              Signature.named("callme")
                  .doc("Calls a method of the caller and answers what that answered.")
                  .parameter(Parameter.required("method", String.class))
                  .parameter(Parameter.optional("params", Object.class))
                  .result(Result.of(Object.class)),
              Signature.named("notifyme")
                  .doc("Notifies the caller. Answers whether the notification was queued.")
                  .parameter(Parameter.required("method", String.class))
                  .parameter(Parameter.optional("params", Object.class))
                  .result(Result.of(boolean.class)),
              Signature.named("slow")
                  .doc("Answers after so many milliseconds, at most 60 000.")
                  .parameter(Parameter.required("ms", Long.class))
                  .result(Result.of(Long.class)))
          .map(Signature.Builder::build)
          .collect(Collectors.toUnmodifiableMap(Signature::name, signature -> signature));

  private Described() {}

  /** A method of the demo, described if it takes the same parameters always. */
  public static Exposed method(String name, Handler handler, Execution execution) {
    Exposed method = Exposed.of(name, handler, execution);
    Signature signature = BY_NAME.get(name);
    return signature == null ? method : method.describedBy(signature);
  }

  private static Example example(String name, String params, String result) {
    return new Example(name, RawJson.parse(params), RawJson.parse(result));
  }
}
