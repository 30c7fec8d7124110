package dev.everwire.server.internal.session;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Proof;
import dev.everwire.server.internal.access.Refusals;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.access.TokenPrint;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who those are who say hello. On the connection's loop.
 *
 * @param renewed told of a connection whose peer has shown something else than before
 */
public record Identities(Authentications authentications, Consumer<Connection> renewed) {

  /** Told why a hello is refused, and how the connection ends if it does. */
  @FunctionalInterface
  interface Refused {
    void refused(Fault fault, @Nullable CloseCode close);
  }

  private static final Fault ANOTHER =
      Fault.of(FaultCode.FORBIDDEN, "the connection belongs to another user");

  /** Whether anybody is asked. */
  boolean asks() {
    return authentications.asks();
  }

  /** Whether what was shown on a former connection still holds. */
  boolean holds(Proof proof, Connection connection) {
    return authentications.holds(proof.principal(), connection.loop().wallTime());
  }

  /**
   * What is there to be looked at: the token of the hello, else what came with the handshake and
   * has not been looked at; null if nothing is.
   */
  @Nullable Credentials brought(Standing standing, Hello hello) {
    Credentials handshake = standing.credentials();
    if (hello.token() != null) {
      return handshake.later(Credentials.Occasion.HELLO, hello.token());
    }
    return standing.proof() == null && handshake.token() != null ? handshake : null;
  }

  /** Whether this is enough where everybody has to show who they are. */
  boolean enough(Proof proof) {
    return !(authentications.terms().required() && proof.principal().isAnonymous());
  }

  /** Finds out who says hello; what the client says next waits for that. */
  void prove(
      Connection connection,
      InboundCall call,
      Hello hello,
      Refused refused,
      Consumer<Proof> proved) {
    Standing standing = Objects.requireNonNull(Standing.of(connection));
    Credentials brought = brought(standing, hello);
    Proof known = standing.proof();
    if (brought == null) {
      if (known != null && enough(known)) {
        proved.accept(known);
      } else if (authentications.terms().required()) {
        standing.missed();
        refused.refused(Refusals.UNAUTHENTICATED, null); // a token may still come
      } else {
        proved.accept(Proof.of(Principal.anonymous(), null));
      }
      return;
    }
    connection.tenure().hold(true);
    authentications.ask(
        connection.loop(),
        brought,
        verdict ->
            Continuation.run(
                connection,
                call,
                () ->
                    judged(
                        verdict,
                        standing.proof(),
                        TokenPrint.of(brought.token()),
                        refused,
                        proved)));
  }

  private static void judged(
      Verdict verdict,
      @Nullable Proof known,
      @Nullable TokenPrint print,
      Refused refused,
      Consumer<Proof> proved) {
    switch (verdict) {
      case Verdict.Accepted(Principal principal)
          when known != null
              && !known.principal().isAnonymous()
              && !known.principal().isSameUserAs(principal) ->
          refused.refused(ANOTHER, CloseCode.FORBIDDEN);
      case Verdict.Accepted(Principal principal) -> proved.accept(new Proof(principal, print));
      case Verdict.Absent absent -> refused.refused(Refusals.UNAUTHENTICATED, null);
      case Verdict.Refused no -> refused.refused(Refusals.fault(no), Refusals.close(no.reason()));
      case Verdict.Unavailable unavailable -> refused.refused(Refusals.fault(unavailable), null);
    }
  }
}
