package dev.everwire.server.memory;

import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import dev.everwire.spi.auth.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Revocations of one server, lost with its process. Holds at most 1 000 000 of each kind; one more
 * ends what is there and fails, so that none that was promised is forgotten.
 */
public final class MemoryRevocations implements Revocations {
  private static final int MOST = 1_000_000;

  /**
   * @param before what is not newer is worthless
   * @param until when nobody needs to know any more
   */
  private record Line(Instant before, Instant until) {}

  private final InstantSource clock;
  private final Duration memory;
  private final ConcurrentMap<String, Line> tokens = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Line> users = new ConcurrentHashMap<>();
  private final List<Consumer<Revocation>> told = new CopyOnWriteArrayList<>();

  public MemoryRevocations() {
    this(InstantSource.system(), Duration.ofHours(MEMORY_HOURS));
  }

  /**
   * @param memory how long each is remembered, at least as long as a token may live
   */
  public MemoryRevocations(InstantSource clock, Duration memory) {
    this.clock = clock;
    this.memory = memory;
  }

  @Override
  public CompletionStage<Void> revoke(Revocation what) {
    Instant now = clock.instant();
    boolean kept =
        switch (what) {
          case Revocation.Token(String tokenId) -> keep(tokens, tokenId, now, now);
          case Revocation.User(String user, Instant before) -> keep(users, user, before, now);
          case Revocation.Session session -> true;
        };
    told.forEach(listener -> listener.accept(what)); // what is there now ends in any case
    return kept
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(
            new IllegalStateException("too many revocations (at most " + MOST + ")"));
  }

  private boolean keep(
      ConcurrentMap<String, Line> lines, String name, Instant before, Instant now) {
    if (lines.size() >= MOST) {
      lines.values().removeIf(line -> !now.isBefore(line.until()));
      if (lines.size() >= MOST) {
        return false;
      }
    }
    lines.merge(
        name,
        new Line(before, now.plus(memory)),
        (old, next) ->
            old.before().isAfter(next.before()) ? new Line(old.before(), next.until()) : next);
    return true;
  }

  @Override
  public boolean revoked(Principal principal) {
    String tokenId = principal.tokenId();
    if (tokenId != null && tokens.containsKey(tokenId)) {
      return true;
    }
    String user = principal.user();
    Line line = user == null ? null : users.get(user);
    if (line == null) {
      return false;
    }
    Instant issued = principal.issuedAt();
    return issued == null || !issued.isAfter(line.before());
  }

  @Override
  public void onRevoked(Consumer<Revocation> listener) {
    told.add(listener);
  }
}
