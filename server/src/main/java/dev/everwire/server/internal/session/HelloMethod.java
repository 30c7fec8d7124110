package dev.everwire.server.internal.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.server.internal.resume.ResumeTokens;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.hello}: makes the connection an Everwire session, a fresh one or the one that
 * the client had. Until that is decided nothing more is read from the client. Event loop only.
 */
public final class HelloMethod implements Route.InlineHandler {

  /** What every session is told. */
  public record Terms(String node, Heartbeat heartbeat, Map<String, Long> limits) {}

  /**
   * Whom a hello needs.
   *
   * @param former told, on its loop, of a connection whose session has gone to another
   */
  record Help(
      Terms terms,
      Sessions sessions,
      ResumeTokens tokens,
      Desk desk,
      Identities identities,
      RandomGenerator random,
      boolean resumes,
      List<String> caps,
      Consumer<Connection> former,
      Agents agents) {}

  private static final List<String> CAPS =
      List.of(PeerProfile.BATCH, PeerProfile.META, PeerProfile.STREAM, PeerProfile.SERVER_CALLS);

  private final Help help;

  /**
   * @param random makes session names, so it must not be guessable
   * @param resumes whether sessions are kept at all
   * @param former told, on its loop, of a connection whose session has gone to another
   */
  public HelloMethod(
      Terms terms,
      Sessions sessions,
      ResumeTokens tokens,
      Desk desk,
      Identities identities,
      RandomGenerator random,
      boolean resumes,
      Consumer<Connection> former) {
    List<String> caps = new ArrayList<>(CAPS);
    if (resumes) {
      caps.add(PeerProfile.ACK);
    }
    this.help =
        new Help(
            terms,
            sessions,
            tokens,
            desk,
            identities,
            random,
            resumes,
            List.copyOf(caps),
            former,
            new Agents());
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
    if (connection.established() || connection.tenure().held()) {
      call.refuse(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: hello was said already"));
      return;
    }
    if (call.batch() != null) { // what stands behind it has to wait for its answer
      call.refuse(
          Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: expected hello outside a batch"));
      return;
    }
    Hello hello;
    try {
      hello = Hello.read(call.params());
    } catch (JsonException e) {
      call.refuse(Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage()));
      return;
    }
    Introduction introduction = new Introduction(help, connection, call, hello);
    Hello.@Nullable Resume resume = hello.resume();
    if (resume == null) {
      introduction.begin(null, null);
    } else {
      introduction.resume(resume);
    }
  }
}
