package dev.everwire.session.internal.utility;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.Params;
import dev.everwire.session.Signature;
import dev.everwire.session.Signature.Example;
import dev.everwire.session.Signature.Failure;
import dev.everwire.session.Signature.Parameter;
import dev.everwire.session.Signature.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code ping}, who is at the other end, and calls back whose answers are fetched later. Tells
 * nothing of the process or the machine. Safe from any thread.
 */
public final class Utilities {
  /** How long the answer of a call back can be fetched, from its beginning. */
  public static final Duration KEPT = Callbacks.KEPT;

  private static final Failure NO_SUCH_CALL = new Failure(-32004, "no call back of that id", null);
  private static final Failure TOO_MANY = new Failure(-32006, "too many calls back", null);

  private final Supplier<@Nullable String> node;
  private final Callbacks callbacks;

  /**
   * @param node names this server, null at a client
   * @param afterwards runs what it is given when {@link #KEPT} has passed
   */
  public Utilities(Supplier<@Nullable String> node, Executor afterwards) {
    this.node = node;
    this.callbacks = new Callbacks(afterwards);
  }

  /** {@code ping}, {@code peer.details}, {@code peer.callMeBack} and {@code peer.response}. */
  public List<Exposed> methods() {
    return List.of(
        ping(),
        details("peer.details"),
        callMeBack("peer.callMeBack", "method", "params"),
        response("peer.response", "id"));
  }

  /** The same, and {@code echo}, under names that older peers know. */
  public List<Exposed> formerMethods() {
    return List.of(
        echo(),
        details("get_process_details"),
        callMeBack("call_me_back", "method_name", "args"),
        response("get_response", "call_id"));
  }

  private static Exposed ping() {
    return exposed(
        call -> "pong",
        Execution.NON_BLOCKING,
        Signature.named("ping")
            .doc("Answers `pong`.")
            .result(Result.of(String.class))
            .idempotent(true)
            .example(new Example("ping", null, RawJson.string("pong"))));
  }

  private static Exposed echo() {
    return exposed(
        call -> call.params().get(0, "text", String.class),
        Execution.NON_BLOCKING,
        Signature.named("echo")
            .doc("Answers what was sent.")
            .parameter(Parameter.required("text", String.class))
            .result(Result.of(String.class))
            .idempotent(true));
  }

  private Exposed details(String name) {
    return exposed(
        call -> details(call.caller()),
        Execution.NON_BLOCKING,
        Signature.named(name)
            .doc("Who answers here: node, session, connection, library and protocol.")
            .result(Result.of(Object.class))
            .idempotent(true));
  }

  private RawJson details(Caller caller) {
    JsonWriter out = new JsonWriter().beginObject();
    String name = node.get();
    if (name != null) {
      out.name("node").value(name);
    }
    out.name("session").value(caller.sessionId());
    out.name("connection").value(caller.connectionId());
    caller.user().ifPresent(user -> out.name("user").value(user));
    out.name("library").value("everwire-java");
    String version = Utilities.class.getPackage().getImplementationVersion();
    if (version != null) {
      out.name("version").value(version);
    }
    return out.name("protocol").value(1).endObject().toRawJson();
  }

  private Exposed callMeBack(String name, String methodName, String paramsName) {
    return exposed(
        call ->
            callbacks.begin(call.caller(), called(call, methodName), forwarded(call, paramsName)),
        Execution.CONCURRENT,
        Signature.named(name)
            .doc(
                "Calls a method of the caller. Its answer is kept for a minute, to be fetched once"
                    + " by the id that this answers.")
            .parameter(Parameter.required(methodName, String.class).doc("Of the caller."))
            .parameter(Parameter.optional(paramsName, Object.class).doc("An array or an object."))
            .result(Result.of(String.class))
            .error(TOO_MANY));
  }

  private static String called(Call call, String name) {
    String method = call.params().get(0, name, String.class);
    if (method.isEmpty()) {
      throw Params.invalid(name + ": expected the name of a method");
    }
    return method;
  }

  private static @Nullable RawJson forwarded(Call call, String name) throws FaultException {
    RawJson params = call.params().findRaw(1, name);
    if (params == null) {
      return null;
    }
    return switch (params.kind()) {
      case ARRAY, OBJECT -> params;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw Params.invalid(name + ": expected an array or an object");
    };
  }

  private Exposed response(String name, String idName) {
    return exposed(
        call -> callbacks.fetch(call.caller(), call.params().get(0, idName, String.class)),
        Execution.CONCURRENT,
        Signature.named(name)
            .doc(
                "Answers what a call back was answered, or fails as it failed. Waits for it; each"
                    + " answer can be fetched once.")
            .parameter(Parameter.required(idName, String.class))
            .result(Result.of(Object.class))
            .error(NO_SUCH_CALL));
  }

  private static Exposed exposed(
      Handler handler, Execution execution, Signature.Builder description) {
    Signature signature = description.build();
    return Exposed.of(signature.name(), handler, execution).describedBy(signature);
  }
}
