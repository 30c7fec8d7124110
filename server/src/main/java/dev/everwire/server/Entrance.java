package dev.everwire.server;

import dev.everwire.server.access.Authentication;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Pass;
import dev.everwire.server.internal.access.Refusals;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Reception.Who;
import dev.everwire.server.internal.registry.Ticket;
import dev.everwire.session.transport.Acceptor.Accept;
import dev.everwire.session.transport.Acceptor.Answer;
import dev.everwire.session.transport.Acceptor.Later;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides on a handshake that the {@link Gate} has nothing against: who it is, and whether there is
 * room. Who has not shown it yet comes in where that can be made up for in a message.
 */
final class Entrance {
  private static final int MAX_CLIENT_ID = 128;
  private static final int MAX_USER = 256;
  private static final String EVERWIRE_PREFIX = "everwire.";
  private static final int UNAUTHORISED = 401;
  private static final String CHALLENGE = "www-authenticate";

  /**
   * Somebody at the gate.
   *
   * @param comesBack whether it may take its own place
   */
  record Arrival(
      Handshake handshake,
      Gate.Endpoint endpoint,
      @Nullable String subprotocol,
      boolean comesBack) {

    boolean helloExpected() {
      return subprotocol != null && subprotocol.startsWith(EVERWIRE_PREFIX);
    }

    Credentials credentials(@Nullable String queryParameter) {
      return new Credentials(
          Credentials.Occasion.HANDSHAKE,
          handshake.path(),
          handshake.remoteAddress(),
          queryParameter == null
              ? handshake.bearerToken()
              : handshake.bearerTokenOrQuery(queryParameter),
          handshake.headers(),
          handshake.certificates());
    }
  }

  private final Gate.Admission admission;

  Entrance(Gate.Admission admission) {
    this.admission = admission;
  }

  /**
   * @param clock measures how long an authenticator takes; null before the server listens
   */
  Answer enter(Arrival arrival, @Nullable Loop clock) {
    Authentications authentications = admission.authentications();
    if (!authentications.asks()) {
      return entered(arrival, Pass.UNASKED, clock);
    }
    Authentication terms = authentications.terms();
    Credentials brought = arrival.credentials(terms.queryParameter());
    if (arrival.comesBack() && brought.token() != null && brought.certificates().isEmpty()) {
      return entered(arrival, new Pass(null, brought), clock); // its session knows who it is
    }
    if (clock == null) {
      return Gate.later("starting", Gate.RETRY_AFTER_SECONDS);
    }
    CompletableFuture<Verdict> verdict = authentications.ask(clock, brought);
    return verdict.isDone()
        ? judged(arrival, brought, verdict.join(), clock)
        : new Later(verdict.thenApply(decided -> judged(arrival, brought, decided, clock)));
  }

  private Answer judged(Arrival arrival, Credentials brought, Verdict verdict, Loop clock) {
    return switch (verdict) {
      case Verdict.Accepted(Principal principal) ->
          entered(arrival, new Pass(principal, brought), clock);
      case Verdict.Absent absent when !admission.authentications().terms().required() ->
          entered(arrival, new Pass(Principal.anonymous(), brought), clock);
      case Verdict.Absent absent when arrival.endpoint().inBand() ->
          entered(arrival, new Pass(null, brought), clock);
      case Verdict.Absent absent ->
          new Refuse(UNAUTHORISED, "not authenticated", Map.of(CHALLENGE, "Bearer"));
      case Verdict.Refused refused -> refused(refused);
      case Verdict.Unavailable(Duration retryAfter) ->
          Gate.later("cannot be authenticated now", retryAfter.toSeconds() + 1);
    };
  }

  private static Refuse refused(Verdict.Refused refused) {
    int status = Refusals.status(refused.reason());
    return new Refuse(
        status,
        refused.text(),
        status == UNAUTHORISED ? Map.of(CHALLENGE, "Bearer error=\"invalid_token\"") : Map.of());
  }

  private Answer entered(Arrival arrival, Pass shown, @Nullable Loop clock) {
    Handshake handshake = arrival.handshake();
    Who said = admission.who().apply(handshake);
    Principal principal = shown.principal();
    Pass pass = shown;
    if (!named(said.user(), MAX_USER) || !named(said.tenant(), MAX_USER)) {
      return Refuse.with(400, "user: expected 1-" + MAX_USER + " printable characters");
    }
    if (principal != null && principal.isAnonymous() && said.user() != null) {
      principal =
          Principal.of(said.user(), "handshake")
              .withTenant(said.tenant())
              .withToken(null, clock == null ? null : clock.wallTime(), null); // shown now
      pass = new Pass(principal, shown.credentials());
    }
    String user = principal == null ? null : principal.user();
    String tenant =
        principal == null || principal.tenant() == null ? said.tenant() : principal.tenant();
    String clientId = said.clientId();
    if (!named(clientId, MAX_CLIENT_ID)) {
      return Refuse.with(400, "client id: expected 1-" + MAX_CLIENT_ID + " printable characters");
    }
    Reception.Admitted admitted =
        admission
            .reception()
            .admit(
                handshake,
                new Who(user, tenant, clientId),
                pass,
                arrival.helloExpected(),
                arrival.comesBack());
    return switch (admitted) {
      case Reception.Admitted.In(Ticket ticket) ->
          new Accept(
              arrival.subprotocol(),
              arrival.endpoint().limits(),
              transport -> arrival.endpoint().opening().open(ticket, transport));
      case Reception.Admitted.Conflict() -> Refuse.with(409, "the client is connected already");
      case Reception.Admitted.Full(String where) ->
          Gate.later(where + " is full", Gate.RETRY_AFTER_SECONDS);
    };
  }

  private static boolean named(@Nullable String name, int longest) {
    return name == null
        || (!name.isEmpty()
            && name.length() <= longest
            && name.chars().noneMatch(Character::isISOControl));
  }
}
