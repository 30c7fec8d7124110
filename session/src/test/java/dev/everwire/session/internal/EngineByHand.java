package dev.everwire.session.internal;

import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.RawJson;
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

/** The engine driven by hand: text in, effects out, time as a number. */
abstract class EngineByHand {
  static final long SECOND = 1_000_000_000L;
  static final SessionLimits LIMITS =
      new SessionLimits(200, 100, 2, 3, 4, 2, Duration.ofSeconds(10));

  final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
  final RecordedEffects effects = new RecordedEffects();
  final SessionEngine engine = engine(Role.SERVER);
  long now;
  final List<CallOutcome> outcomes = new ArrayList<>();

  final SessionEngine engine(Role role) {
    return new SessionEngine(
        role,
        name ->
            switch (name) {
              case "work", "tell" ->
                  new Route.Served(Exposed.of(name, call -> null, Execution.CONCURRENT));
              case "rpc.known" -> new Route.Inline((connection, call) -> {});
              default -> null;
            },
        LIMITS,
        Heartbeat.DEFAULT,
        1.0,
        0,
        effects);
  }

  final void receive(String text) {
    engine.receive(codec.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))), now);
  }

  final void request(int id) {
    receive("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"work\"}");
  }

  final void notification() {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}");
  }

  final void finish(InboundCall call, String result) {
    call.answer(RawJson.parse(result));
    engine.returned(call, now);
  }

  static String failure(String id, int code) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code;
  }
}
