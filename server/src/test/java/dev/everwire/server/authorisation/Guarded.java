package dev.everwire.server.authorisation;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.TestPeer;
import dev.everwire.server.TestValues;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Restriction;
import dev.everwire.session.contract.Restricted;
import dev.everwire.session.contract.Rpc;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Principal;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A server on the memory network on which not everybody may do everything. */
abstract class Guarded {
  static final int FORBIDDEN = -32003;
  static final int OVERLOADED = -32006;

  /** Tokens are "user:role,role:permission,permission". */
  private static final Authenticator BY_NAME =
      credentials -> {
        String token = credentials.token();
        if (token == null) {
          return CompletableFuture.completedStage(new Authenticator.Verdict.Absent());
        }
        String[] parts = token.split(":", -1);
        return CompletableFuture.completedStage(
            new Authenticator.Verdict.Accepted(
                Principal.of(parts[0], "test")
                    .withTenant("acme")
                    .withRoles(set(parts, 1))
                    .withPermissions(set(parts, 2))));
      };

  static final Authentication TERMS = Authentication.by(BY_NAME);

  interface Orders {
    @Rpc
    int read();

    @Rpc
    @Restricted(roles = "agent", permissions = "write")
    int place();
  }

  @Restricted(roles = "admin")
  interface Vault {
    @Rpc
    int open();
  }

  final MemoryNetwork network = new MemoryNetwork();
  final List<String> ran = new CopyOnWriteArrayList<>();
  final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  @Nullable Server server;
  private int calls;

  @AfterEach
  void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  Server serving() {
    return Objects.requireNonNull(server);
  }

  Server start(@Nullable Authoriser authoriser) {
    Server started = started(builder(authoriser));
    server = started;
    return started;
  }

  static Server started(ServerBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  ServerBuilder builder(@Nullable Authoriser authoriser) {
    return Server.builder()
        .listen(network.listener("server"))
        .drainFor(Duration.ZERO)
        .workers(Runnable::run)
        .values(new TestValues())
        .topic(TopicRule.named("**").publishable())
        .authentication(TERMS)
        .authoriser(authoriser)
        .audit(audit::add)
        .method(method("threaded", Execution.CONCURRENT))
        .method(method("ordered", Execution.IN_ORDER))
        .method(method("quick", Execution.NON_BLOCKING))
        .method(
            method("coded", Execution.NON_BLOCKING).restrictedTo(Restriction.roles("admin", "x")))
        .expose(
            Orders.class,
            new Orders() {
              @Override
              public int read() {
                return 1;
              }

              @Override
              public int place() {
                return 2;
              }
            })
        .expose(Vault.class, () -> 3);
  }

  private Exposed method(String name, Execution execution) {
    return Exposed.of(
        name,
        call -> {
          ran.add(name);
          return null;
        },
        execution);
  }

  static String method(Execution execution) {
    return switch (execution) {
      case CONCURRENT -> "threaded";
      case IN_ORDER -> "ordered";
      case NON_BLOCKING -> "quick";
    };
  }

  TestPeer dial(String token) {
    return TestPeer.dial(network, "ws://server/ws", Map.of("authorization", "Bearer " + token));
  }

  long code(TestPeer peer, String method, String params) {
    return errorCode(peer.call(++calls + 100, method, params));
  }

  static long errorCode(RawJson response) {
    JsonMembers error = response.members().object("error");
    return error == null ? 0 : error.integer("code");
  }

  void publish(TestPeer peer, String topic, int data) {
    peer.queue(publication(topic, data));
  }

  static String publication(String topic, int data) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.publish\",\"params\":{\"topic\":\""
        + topic
        + "\",\"data\":"
        + data
        + "}}";
  }

  static List<Long> data(TestPeer hearer) {
    return hearer.heard().stream()
        .map(text -> RawJson.parse(text).members().object("params").integer("data"))
        .toList();
  }

  List<String> denials() {
    return audit.stream()
        .filter(AuditEvent.Denied.class::isInstance)
        .map(event ->
            ((AuditEvent.Denied) event).action() + " " + ((AuditEvent.Denied) event).resource())
        .toList();
  }

  private static Set<String> set(String[] parts, int at) {
    return parts.length <= at || parts[at].isEmpty() ? Set.of() : Set.of(parts[at].split(","));
  }
}
