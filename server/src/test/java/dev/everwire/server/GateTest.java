package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.everwire.server.access.Authentication;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.internal.access.Audit;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.Seat;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.HookCalls;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.memory.MemoryRevocations;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.TransportLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GateTest {
  private boolean outOfMemory;
  private final Admissions admissions = new Admissions(ConnectionLimits.DEFAULT.withPerNode(2));
  private final Gate gate =
      new Gate(
          Map.of(
              "/ws",
              new Gate.Endpoint(
                  List.of(Gate.EVERWIRE, Gate.JSON_RPC),
                  TransportLimits.SERVER,
                  (ticket, at) -> null),
              "/raw",
              new Gate.Endpoint(List.of(), TransportLimits.SERVER, (ticket, at) -> null)),
          Map.of("/page", request -> HttpReply.text(200, "page")),
          new Gate.Admission(
              () -> new Origins(List.of("https://app.example"), List.of(), false),
              handshake ->
                  "letmein".equals(handshake.bearerToken())
                      ? Optional.empty()
                      : Optional.of(
                          new Refuse(401, "who are you", Map.of("www-authenticate", "Bearer"))),
              new Authentications(Authentication.NONE, new MemoryRevocations(), new Audit(null)),
              handshake -> new Reception.Who(null, null, null),
              false,
              admissions,
              new Reception(
                  new Registry(
                      "n",
                      new Census(),
                      admissions,
                      new HookCalls(null, Runnable::run),
                      new TestValues()),
                  admissions,
                  DuplicateClient.REPLACE_OLD),
              () -> outOfMemory),
          Runnable::run);

  @Test
  void whileDrainingNobodyIsLetInAndReadySaysSo() {
    gate.drain();

    HttpReply ready = http("/ready", Map.of());
    assertThat(ready.status()).isEqualTo(503);
    assertThat(text(ready)).isEqualTo("{\"status\":\"draining\"}");
    assertRefused(upgrade("/ws", Map.of()), 503, "retry-after");
  }

  @Test
  void aPathThatIsNotServedIsNotFound() {
    assertRefused(upgrade("/other", Map.of()), 404, null);
  }

  @Test
  void aFullServerSaysWhenToComeBack() {
    Seat first = seat();
    seat();
    assertRefused(upgrade("/ws", Map.of("authorization", "Bearer letmein")), 503, "retry-after");

    admissions.release(first);
    assertThat(upgrade("/ws", Map.of("authorization", "Bearer letmein")))
        .isInstanceOf(Acceptor.Accept.class);
  }

  @Test
  void aServerShortOfMemorySaysWhenToComeBack() {
    outOfMemory = true;
    assertRefused(upgrade("/ws", Map.of("authorization", "Bearer letmein")), 503, "retry-after");
  }

  @Test
  void admissionDecidesBeforeTheUpgrade() {
    assertRefused(upgrade("/ws", Map.of()), 401, "www-authenticate");
    assertRefused(upgrade("/ws", Map.of("authorization", "Bearer no")), 401, "www-authenticate");
  }

  @Test
  void aPageOfAnotherOriginIsForbiddenWhateverItAsksFor() {
    Map<String, String> foreign = Map.of("host", "here", "origin", "https://evil.example");

    assertRefused(upgrade("/ws", foreign), 403, null);
    assertThat(http("/page", foreign).status()).isEqualTo(403);
    assertThat(http("/page", Map.of("host", "here", "origin", "https://app.example")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /ws, everwire.bearer.bGV0bWVpbg everwire.v1.json, everwire.v1.json
          /ws, everwire.bearer.bGV0bWVpbg other, -
          /ws, everwire.bearer.bGV0bWVpbg, -
          /ws, everwire.bearer.bGV0bWVpbg jsonrpc2.0, jsonrpc2.0
          /ws, everwire.bearer.bGV0bWVpbg soap jsonrpc2.0 everwire.v1.json, jsonrpc2.0
          /ws, everwire.bearer.bGV0bWVpbg jsonrpc2.1, -
          /ws, everwire.bearer.bGV0bWVpbg JSONRPC2.0, -
          /raw, everwire.bearer.bGV0bWVpbg everwire.v1.json, -
          """)
  void oursIsSelectedWhereItIsOfferedAndATokenNever(String path, String offered, String selected) {
    Handshake handshake =
        new Handshake(path, Map.of(), Map.of(), List.of(offered.split(" ")), "peer:1");

    assertThat(gate.upgrade(handshake))
        .isInstanceOfSatisfying(
            Acceptor.Accept.class,
            accept ->
                assertThat(accept.subprotocol()).isEqualTo(selected.equals("-") ? null : selected));
  }

  private Seat seat() {
    return admissions.reserve(new Admissions.Applicant("peer:1", null, null), false)
            instanceof Admissions.Answer.Granted(Seat seat)
        ? seat
        : fail("full");
  }

  private Acceptor.Answer upgrade(String path, Map<String, String> headers) {
    return gate.upgrade(new Handshake(path, Map.of(), headers, List.of(), "peer:1"));
  }

  private HttpReply http(String path, Map<String, String> headers) {
    CompletableFuture<HttpReply> reply = new CompletableFuture<>();
    gate.http(new HttpRequest("GET", path, Map.of(), headers, new byte[0]), reply::complete);
    return reply.join();
  }

  private static void assertRefused(Acceptor.Answer answer, int status, String header) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.status()).isEqualTo(status);
              assertThat(refuse.headers().keySet())
                  .isEqualTo(header == null ? Set.of() : Set.of(header));
            });
  }

  private static String text(HttpReply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }
}
