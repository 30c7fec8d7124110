package dev.everwire.server.authentication;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows tokens by heart, and holds answers back if it is told to. Safe from any thread. */
final class Tokens implements Authenticator {
  private final Map<String, Verdict> known = new ConcurrentHashMap<>();
  private final List<Credentials> asked = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;

  /**
   * @param end null for never
   */
  Tokens user(String token, String user, @Nullable Instant end) {
    return user(token, user, Instant.EPOCH, end);
  }

  Tokens user(String token, String user, Instant issued, @Nullable Instant end) {
    known.put(
        token,
        new Verdict.Accepted(
            Principal.of(user, "test")
                .withRoles(Set.of("role-of-" + token))
                .withToken("id-of-" + token, issued, end)));
    return this;
  }

  Tokens says(String token, Verdict verdict) {
    known.put(token, verdict);
    return this;
  }

  Tokens forget(String token) {
    known.remove(token);
    return this;
  }

  void hold() {
    holding = true;
  }

  void letGo() {
    holding = false;
    List<Runnable> all = List.copyOf(held);
    held.clear();
    all.forEach(Runnable::run);
  }

  List<Credentials> asked() {
    return List.copyOf(asked);
  }

  @Override
  public CompletionStage<Verdict> authenticate(Credentials credentials) {
    asked.add(credentials);
    String token = credentials.token();
    Verdict verdict =
        token == null
            ? new Verdict.Absent()
            : known.getOrDefault(token, new Verdict.Refused(Reason.INVALID, "wrong token"));
    if (!holding) {
      return CompletableFuture.completedFuture(verdict);
    }
    CompletableFuture<Verdict> later = new CompletableFuture<>();
    held.add(() -> later.complete(verdict));
    return later;
  }

  static Verdict unavailable() {
    return new Verdict.Unavailable(Duration.ofSeconds(3));
  }
}
