package dev.everwire.session.internal;

import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.InboundCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An engine driven by hand: text in, effects out, time as a number. Serves {@code work} and {@code
 * tell} beside one another, {@code turn} in order and {@code now} without blocking; two requests
 * run at once, three are admitted.
 */
final class EngineHarness {
  static final long SECOND = 1_000_000_000L;
  static final SessionLimits LIMITS =
      new SessionLimits(200, 100, 2, 3, 4, 2, Duration.ofSeconds(10));

  final RecordedEffects effects = new RecordedEffects();
  final List<CallOutcome> outcomes = new ArrayList<>();
  final SessionEngine engine;
  long now;
  private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);

  EngineHarness() {
    this(LIMITS);
  }

  EngineHarness(SessionLimits limits) {
    engine =
        new SessionEngine(
            Role.SERVER, EngineHarness::route, limits, Heartbeat.DEFAULT, 1.0, 0, effects);
  }

  private static @Nullable Route route(String name) {
    return switch (name) {
      case "work", "tell" -> served(name, Execution.CONCURRENT);
      case "turn" -> served(name, Execution.IN_ORDER);
      case "now" -> served(name, Execution.NON_BLOCKING);
      case "rpc.known" -> new Route.Inline((connection, call) -> {});
      default -> null;
    };
  }

  private static Route served(String name, Execution execution) {
    return new Route.Served(Exposed.of(name, call -> null, execution));
  }

  void receive(String text) {
    engine.receive(codec.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))), now);
  }

  void request(Object id, String method) {
    receive("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}");
  }

  void request(Object id, String method, String params) {
    receive(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
  }

  void notification(String method) {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
  }

  void notification(String method, String params) {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  void cancel(Object id) {
    notification("$/cancelRequest", "{\"id\":" + id + "}");
  }

  /** The peer said hello, and that it reads no more than so many bytes. */
  void hello(long maxMessageBytes) {
    engine.establish(Heartbeat.DEFAULT, new PeerProfile(Set.of(), maxMessageBytes), 1.0, now);
  }

  void callOut() {
    engine.call("hers", null, now + 100 * SECOND, outcomes::add);
  }

  /** The i-th started handler calls the peer. */
  void callOutFrom(int i) {
    OutboundCall call =
        new OutboundCall(
            "hers",
            null,
            CallOptions.withoutDeadline(),
            outcomes::add,
            null,
            List.of(),
            null,
            started(i).turn());
    engine.call(call, now + 100 * SECOND, now);
  }

  /** The i-th call that was started, in the order of their starts. */
  InboundCall started(int i) {
    return effects.started.get(i);
  }

  void finish(int i, String result) {
    InboundCall call = started(i);
    call.answer(RawJson.parse(result));
    engine.returned(call, now);
  }

  void tick() {
    engine.tick(now, now, 0);
  }

  static String success(Object id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  static String failure(Object id, int code) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code;
  }
}
