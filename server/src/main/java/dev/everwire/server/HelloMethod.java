package dev.everwire.server;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.internal.RandomText;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.hello}: makes the connection an Everwire session. Sessions do not outlive their
 * connection yet, so a resume is answered with a fresh session and {@code unknown} for every call.
 * Event loop only.
 */
final class HelloMethod implements Route.InlineHandler {
  private static final int SESSION_LENGTH = 16;
  private static final int TOKEN_LENGTH = 32;
  private static final List<String> CAPS =
      List.of(PeerProfile.BATCH, PeerProfile.META, PeerProfile.STREAM, PeerProfile.SERVER_CALLS);
  private static final String UNKNOWN = "unknown";

  private final String node;
  private final Heartbeat heartbeat;
  private final Map<String, Long> limits;
  private final RandomGenerator random;

  /**
   * @param limits told to the client, by name
   * @param random makes session names and tokens, so it must not be guessable
   */
  HelloMethod(String node, Heartbeat heartbeat, Map<String, Long> limits, RandomGenerator random) {
    this.node = node;
    this.heartbeat = heartbeat;
    this.limits = limits;
    this.random = random;
  }

  @Override
  public void handle(Connection connection, InboundCall call) {
    if (call.notification()) {
      return; // nobody would learn of the session
    }
    if (connection.form().dialect() != Dialect.JSON_RPC) {
      call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      return;
    }
    if (connection.established()) {
      call.refuse(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: hello was said already"));
      return;
    }
    Hello hello;
    try {
      hello = Hello.read(call.params());
    } catch (JsonException e) {
      call.refuse(Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage()));
      return;
    }
    String session = RandomText.of(random, SESSION_LENGTH);
    call.answer(
        welcome(session, hello.resume(), connection.loop().wallTime().toEpochMilli()).write());
    connection.establish(session, heartbeat, PeerProfile.of(hello.caps(), hello.limits()));
  }

  private Welcome welcome(String session, Hello.@Nullable Resume resume, long timeMs) {
    Map<Long, String> calls = new TreeMap<>();
    if (resume != null) {
      resume.pending().forEach(id -> calls.put(id, UNKNOWN));
    }
    return new Welcome(
        session,
        RandomText.of(random, TOKEN_LENGTH),
        false,
        resume == null ? null : UNKNOWN,
        1,
        node,
        CAPS,
        heartbeat.interval().toMillis(),
        heartbeat.timeout().toMillis(),
        0,
        limits,
        calls,
        timeMs,
        0);
  }
}
