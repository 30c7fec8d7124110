package dev.everwire.server;

import dev.everwire.protocol.CloseCode;
import dev.everwire.server.access.Access;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.internal.access.Audit;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.internal.access.Review;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.session.Session;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out on all connections and sessions what changes for somebody. Safe from any thread. */
final class AccessDesk implements Access {
  private static final String REVOKED = "revoked";

  private final Authentications authentications;
  private final Permissions permissions;
  private final Review.Subscriptions subscriptions;
  private final AtomicLong reviews = new AtomicLong(); // of everybody
  private final Registry registry;
  private final Sessions sessions;
  private final Audit audit;
  private volatile @Nullable Loop clock; // set once, before anybody comes

  AccessDesk(
      Authentications authentications,
      Permissions permissions,
      Review.Subscriptions subscriptions,
      Registry registry,
      Sessions sessions,
      Audit audit) {
    this.authentications = authentications;
    this.permissions = permissions;
    this.subscriptions = subscriptions;
    this.registry = registry;
    this.sessions = sessions;
    this.audit = audit;
  }

  /** The server listens: what is taken back ends from now on. */
  void begin(Loop newClock) {
    clock = newClock;
    authentications.revocations().onRevoked(this::revoked);
  }

  @Override
  public CompletionStage<Void> revoke(Revocation what) {
    return authentications.revocations().revoke(what);
  }

  @Override
  public void authentication(Authentication next) {
    if (next.revocations() != null && !next.revocations().equals(authentications.revocations())) {
      throw new IllegalArgumentException(
          "revocations: others (expected: none, or those that the server has)");
    }
    authentications.replace(next);
  }

  @Override
  public void authoriser(@Nullable Authoriser next) {
    permissions.authoriser(next);
    review(null);
  }

  @Override
  public void changed(@Nullable String user) {
    permissions.changed(user);
    review(user);
  }

  /** What this one hears may not be allowed any more. */
  void renewed(Connection connection) {
    Review.begin(permissions, subscriptions, connection.loop(), List.of(connection), () -> false);
  }

  /** As {@link #renewed} for all connections, or those of one user. */
  private void review(@Nullable String user) {
    Map<Loop, List<Connection>> byLoop = new HashMap<>();
    Consumer<Entry> gather =
        entry -> {
          Connection connection = entry.connection();
          if (connection != null) {
            byLoop.computeIfAbsent(entry.loop(), loop -> new ArrayList<>()).add(connection);
          }
        };
    if (user == null) {
      registry.forEach(gather);
    } else {
      registry.user(user).forEach(gather);
    }
    long mine = user == null ? reviews.incrementAndGet() : 0;
    BooleanSupplier superseded = () -> user == null && reviews.get() != mine;
    byLoop.forEach(
        (loop, here) -> Review.begin(permissions, subscriptions, loop, here, superseded));
  }

  /** On any thread. */
  private void revoked(Revocation what) {
    Loop loop = Objects.requireNonNull(clock);
    Instant now = loop.wallTime();
    List<Entry> out = new ArrayList<>();
    switch (what) {
      case Revocation.Session(String id) -> {
        Entry entry = registry.session(id);
        if (entry != null) {
          out.add(entry);
        }
        Session session = sessions.find(id);
        if (session != null) {
          sessions.revoke(session, now);
        }
      }
      case Revocation.User(String user, Instant before) -> {
        for (Entry entry : registry.user(user)) {
          if (older(principal(entry), before)) {
            out.add(entry);
          }
        }
        sessions.revoke(
            (session, principal) -> of(user, session, principal) && older(principal, before), now);
      }
      case Revocation.Token(String tokenId) -> {
        registry.forEach(entry -> {
          if (by(tokenId, principal(entry))) {
            out.add(entry);
          }
        });
        sessions.revoke((session, principal) -> by(tokenId, principal), now);
      }
    }
    out.forEach(entry -> entry.close(CloseCode.UNAUTHENTICATED, REVOKED));
    audit.tell(new AuditEvent.Revoked(AuditEvent.Actor.SERVER, what, out.size()));
  }

  private static boolean of(String user, Session session, @Nullable Principal principal) {
    return user.equals(session.user()) || (principal != null && user.equals(principal.user()));
  }

  private static boolean by(String tokenId, @Nullable Principal principal) {
    return principal != null && tokenId.equals(principal.tokenId());
  }

  /** One of whom nobody says when that was shown counts as older. */
  private static boolean older(@Nullable Principal principal, Instant before) {
    return principal == null
        || principal.issuedAt() == null
        || !principal.issuedAt().isAfter(before);
  }

  private static @Nullable Principal principal(Entry entry) {
    Standing standing = entry.standing();
    return standing == null ? null : standing.principal();
  }
}
