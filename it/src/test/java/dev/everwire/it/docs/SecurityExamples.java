package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.auth.ApiKey;
import dev.everwire.auth.ApiKeys;
import dev.everwire.auth.CertificateAuthenticator;
import dev.everwire.auth.CertificateSettings;
import dev.everwire.auth.JwksEndpoint;
import dev.everwire.auth.JwtAuthenticator;
import dev.everwire.auth.JwtKeys;
import dev.everwire.auth.JwtSettings;
import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.client.Client;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.access.Decision;
import dev.everwire.session.contract.Restricted;
import dev.everwire.session.contract.Rpc;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What docs/security.md shows. */
final class SecurityExamples {
  private SecurityExamples() {}

  // docs:closed
  static ServerBuilder closed(Authenticator authenticator) {
    return Everwire.server(0)
        .authentication(Authentication.by(authenticator)) // nobody else comes in
        .method("whoami", call -> call.caller().user().orElseThrow());
  }

  // docs:end

  // docs:client
  static Client signedIn(URI server, TokenSupplier tokens) {
    return Everwire.client(server).tokens(tokens).connect(); // renews them by itself
  }

  // docs:end

  // docs:own
  static Authenticator ofOurs(Executor threads, Function<String, @Nullable String> users) {
    return Authenticator.blocking(
        threads,
        brought -> {
          if (brought.token() == null) {
            return new Verdict.Absent();
          }
          String user = users.apply(brought.token()); // may ask a database
          return user == null
              ? new Verdict.Refused(Reason.INVALID, "unknown token")
              : new Verdict.Accepted(Principal.of(user, "ours").withRoles(Set.of("customer")));
        });
  }

  // docs:end

  // docs:builtin
  static Authenticator builtIn(String hash) {
    JwtAuthenticator tokens =
        JwtAuthenticator.open(
            JwtSettings.builder()
                .keys(
                    JwtKeys.jwks(
                        JwksEndpoint.at(URI.create("https://id.example.org/keys")),
                        Set.of(SigningAlgorithm.RS256, SigningAlgorithm.ES256)))
                .issuers("https://id.example.org/")
                .audiences("everwire")
                .rolesClaim("realm_access.roles")
                .build());
    ApiKeys keys =
        ApiKeys.of(
            List.of(
                ApiKey.of(hash, "nightly-export") // as `everwire token api-key` printed it
                    .withRoles(Set.of("exporter"))));
    CertificateAuthenticator certificates =
        CertificateAuthenticator.of(
            CertificateSettings.builder()
                .user(CertificateSettings.Name.SAN_URI)
                .rolesOfAll(Set.of("device"))
                .build());
    return Authenticator.firstOf(List.of(tokens, keys, certificates));
  }

  // docs:end

  // docs:rules
  static ServerBuilder ruled(ServerBuilder server) {
    return server.authoriser(
        AccessRules.of(
            AccessRule.deny(Action.PUBLISH).on("audit/**").toAnyone(),
            AccessRule.allow(Action.SUBSCRIBE, Action.HISTORY).on("news/*").toAnyone(),
            AccessRule.allow(Action.SUBSCRIBE, Action.HISTORY, Action.PUBLISH)
                .on("users/{user}/**")
                .toUsers("*"),
            AccessRule.allow(Action.CALL).on("orders.*").roles("staff").toTenants("acme"),
            AccessRule.allow(Action.ADMINISTER).on("**").toRoles("operator")));
  }

  // docs:end

  // docs:authoriser
  static Authoriser ofRooms(BiPredicate<@Nullable String, String> owns, Authoriser rules) {
    return request ->
        owns.test(request.principal().user(), request.resource())
            ? CompletableFuture.completedStage(new Decision.Allow(Duration.ofMinutes(1)))
            : rules.decide(request);
  }

  // docs:end

  // docs:restricted
  @Restricted(roles = {"agent", "admin"})
  interface Orders {
    @Rpc
    String find(String id);

    @Rpc
    @Restricted(permissions = "orders.write")
    String place(String article, int pieces);
  }

  // docs:end

  // docs:revoke
  static CompletionStage<Void> lockOut(Server server, String user) {
    return server.access().revoke(new Revocation.User(user, Instant.now()));
  }

  static ServerBuilder watched(ServerBuilder server, Consumer<AuditEvent> told) {
    return server.audit(told); // instead of the log dev.everwire.audit
  }
  // docs:end
}
