package dev.everwire.it.rpc;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The methods that both ends of every connection serve, here those of the ends in this process.
 * {@code rpc-agreed.mjs} and {@code rpc.py} are the others. Safe from any thread.
 */
final class Agreed {

  /** One method. Blocks where it waits; an interrupt says that it is cancelled. */
  interface Method {
    @Nullable Object serve(JsonNode params, Side caller) throws Exception;
  }

  private final Map<String, List<Integer>> noted = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  Map<String, Method> methods() {
    return Map.ofEntries(
        Map.entry("echo", (params, caller) -> params),
        Map.entry("subtract", (params, caller) -> subtract(params)),
        Map.entry("nothing", (params, caller) -> null),
        Map.entry("fail", (params, caller) -> fail()),
        Map.entry("note", (params, caller) -> notes(params).add(params.path("n").asInt())),
        Map.entry("noted", (params, caller) -> notes(params)),
        Map.entry("hold", (params, caller) -> hold(params.path("token").asString())),
        Map.entry("begun", (params, caller) -> pass("begun " + params.path("token").asString())),
        Map.entry(
            "release", (params, caller) -> open("release " + params.path("token").asString())),
        Map.entry(
            "stopped", (params, caller) -> pass("stopped " + params.path("token").asString())),
        Map.entry("back", Agreed::back),
        Map.entry("work", Agreed::work));
  }

  private static Object subtract(JsonNode params) {
    return params.isArray()
        ? params.path(0).asInt() - params.path(1).asInt()
        : params.path("minuend").asInt() - params.path("subtrahend").asInt();
  }

  private static Object fail() {
    throw new FaultException(7, "seven", RawJson.parse("{\"why\":[1,\"ü\"]}"));
  }

  private List<Integer> notes(JsonNode params) {
    return noted.computeIfAbsent(params.path("of").asString(), of -> new CopyOnWriteArrayList<>());
  }

  private Object hold(String token) throws Exception {
    open("begun " + token);
    try {
      pass("release " + token);
      return token;
    } catch (InterruptedException e) {
      open("stopped " + token);
      throw e;
    }
  }

  private static @Nullable Object back(JsonNode params, Side caller) throws Exception {
    return switch (caller.ask(params.path("method").asString(), params.get("params"))) {
      case Answer.Result(JsonNode value) -> value;
      case Answer.Refused(int code, String message, JsonNode data) ->
          throw new FaultException(
              code, message, data == null ? null : RawJson.parse(data.toString()));
      case Answer.Lost(String why) -> throw new IllegalStateException(why);
    };
  }

  private static Object work(JsonNode params, Side caller) throws Exception {
    int steps = params.path("steps").asInt();
    for (int step = 1; step <= steps; step++) {
      caller.notify(
          "$/progress",
          Json.object(Map.of("token", params.path("token"), "value", Map.of("step", step))));
    }
    return steps;
  }

  /** What is waited for by its name; whoever comes first makes it. */
  private CountDownLatch gate(String name) {
    return gates.computeIfAbsent(name, key -> new CountDownLatch(1));
  }

  private Object open(String name) {
    gate(name).countDown();
    return true;
  }

  private Object pass(String name) throws InterruptedException {
    return gate(name).await(30, TimeUnit.SECONDS);
  }
}
