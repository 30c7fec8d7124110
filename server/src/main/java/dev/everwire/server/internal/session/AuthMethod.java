package dev.everwire.server.internal.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.wire.Auth;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.access.Refusals;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.access.TokenPrint;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.auth}: a new token for the connection that is there. Who is known already goes
 * on meanwhile, and stays who it is if the token is no good; of who is not known yet nothing more
 * is read until this is settled. Event loop only.
 */
public final class AuthMethod implements Route.InlineHandler {
  private static final Fault BUSY =
      Fault.of(FaultCode.OVERLOADED, "a token is being looked at").retryAfterMillis(1_000);
  private static final Fault OUTSIDE =
      Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: expected rpc.auth outside a batch");
  private static final Fault MOVED =
      Fault.of(FaultCode.OVERLOADED, "another connection has the session").retryAfterMillis(1_000);
  private static final Fault ANOTHER = Fault.of(FaultCode.FORBIDDEN, "the token is another user's");

  private final Authentications authentications;
  private final Sessions sessions;
  private final Reception reception;
  private final Consumer<Connection> renewed;

  /**
   * @param renewed told, on its loop, of a connection whose peer may not be allowed the same as
   *     before
   */
  public AuthMethod(
      Authentications authentications,
      Sessions sessions,
      Reception reception,
      Consumer<Connection> renewed) {
    this.renewed = renewed;
    this.authentications = authentications;
    this.sessions = sessions;
    this.reception = reception;
  }

  @Override
  public void handle(Connection connection, InboundCall call) {
    Standing standing = Standing.of(connection);
    if (standing == null || !authentications.asks()) {
      call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      return;
    }
    Auth auth;
    try {
      auth = Auth.read(call.params());
    } catch (JsonException e) {
      call.refuse(Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage()));
      return;
    }
    if (call.batch() != null) { // what stands behind it has to wait for its answer
      call.refuse(OUTSIDE);
      return;
    }
    if (!standing.asks()) {
      call.refuse(BUSY);
      return;
    }
    boolean unknown = standing.principal() == null;
    if (unknown) {
      connection.tenure().hold(true);
    }
    authentications.ask(
        connection.loop(),
        standing.credentials().later(Credentials.Occasion.REFRESH, auth.token()),
        verdict -> {
          standing.asked();
          Continuation.run(
              connection,
              call,
              () -> judged(connection, call, standing, verdict, TokenPrint.of(auth.token())));
          if (unknown) {
            connection.tenure().hold(false);
          }
        });
  }

  private void judged(
      Connection connection,
      InboundCall call,
      Standing standing,
      Verdict verdict,
      @Nullable TokenPrint print) {
    Principal known = standing.principal();
    switch (verdict) {
      case Verdict.Accepted(Principal principal)
          when known != null && !known.isAnonymous() && !known.isSameUserAs(principal) ->
          call.refuse(ANOTHER);
      case Verdict.Accepted(Principal principal) ->
          accepted(connection, call, standing, new Proof(principal, print));
      case Verdict.Absent absent -> call.refuse(Refusals.UNAUTHENTICATED);
      case Verdict.Refused refused -> {
        call.refuse(Refusals.fault(refused));
        standing.missed();
        if (known == null) {
          connection.close(Refusals.close(refused.reason()), refused.text());
        }
      }
      case Verdict.Unavailable unavailable -> call.refuse(Refusals.fault(unavailable));
    }
  }

  /** Whether only the token is another one. */
  private static boolean same(Principal known, Principal now) {
    return Objects.equals(known.user(), now.user())
        && Objects.equals(known.tenant(), now.tenant())
        && known.roles().equals(now.roles())
        && known.permissions().equals(now.permissions());
  }

  private void accepted(Connection connection, InboundCall call, Standing standing, Proof proof) {
    Principal principal = proof.principal();
    Principal known = standing.principal();
    Session session = sessions.of(connection);
    if (session != null && session.kept().current() != connection) {
      call.refuse(MOVED); // it has to be told where the session is now
      return;
    }
    String user = principal.user();
    if (known == null || known.isAnonymous()) {
      if (user == null) {
        reception.proven(connection);
      } else if (!reception.login(connection, user, principal.tenant())) {
        return; // it ends, and says why
      }
    }
    standing.become(proof);
    if (known != null && !same(known, principal)) {
      renewed.accept(connection);
    }
    if (session != null) {
      session.proof(proof);
    }
    call.answer(
        new Auth.Accepted(
                principal.user() == null ? "" : principal.user(),
                Standing.expiresIn(principal, connection.loop().wallTime()))
            .write());
  }
}
