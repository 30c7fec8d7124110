package dev.everwire.server.internal.access;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.wire.Names;
import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.access.Decision;
import dev.everwire.session.Caller;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Restriction;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.spi.auth.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What peers may do: asked before anything is done for one, on its connection's loop. Where there
 * is neither an authoriser nor a restriction it costs nothing. Who is told that something is not
 * allowed is not told why; the audit log is.
 */
public final class Permissions implements Inquiry.Host {
  private static final Logger LOG = System.getLogger(Permissions.class.getName());
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;
  private static final Fault NOT_ALLOWED = Fault.of(FaultCode.FORBIDDEN, "not allowed");
  private static final Fault UNDECIDED =
      Fault.of(FaultCode.OVERLOADED, "cannot be decided now").retryAfterMillis(1_000);

  private static final String RESTRICTED = "restricted"; // why, for the audit log

  private final @Nullable Predicate<Caller> administrators;
  private final Audit audit;
  private final DecisionCache cache = new DecisionCache();
  private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - NANOS_BETWEEN_LINES);
  private volatile @Nullable Authoriser authoriser; // changed by whoever has the server

  /**
   * @param first null for nobody
   * @param administrators who may administer, beside what the authoriser says; null if it decides
   *     alone, and nobody may where there is none
   */
  public Permissions(
      @Nullable Authoriser first, @Nullable Predicate<Caller> administrators, Audit audit) {
    this.authoriser = first;
    this.administrators = administrators;
    this.audit = audit;
  }

  public Audit audit() {
    return audit;
  }

  // ---- what changes

  /** Decides from now on; null for nobody. {@link Review} has to follow. Safe from any thread. */
  public void authoriser(@Nullable Authoriser next) {
    authoriser = next;
    cache.forget(null);
  }

  /**
   * Nothing that was decided holds any more. {@link Review} has to follow. Safe from any thread.
   *
   * @param user for whom; null for everybody
   */
  public void changed(@Nullable String user) {
    cache.forget(user);
  }

  @Override
  public @Nullable Authoriser authoriser() {
    return authoriser;
  }

  @Override
  public DecisionCache cache() {
    return cache;
  }

  // ---- what is asked

  /** Whether a method may be called without asking for whom. */
  boolean open(Exposed method) {
    return authoriser == null && method.restriction().isEmpty();
  }

  /**
   * Whether a call of an application's method may run.
   *
   * @param go told once, on the loop, perhaps before this returns: null, or why not
   */
  void call(Connection connection, InboundCall call, Exposed method, Consumer<@Nullable Fault> go) {
    Principal principal = principal(connection);
    if (principal == null) {
      go.accept(Refusals.UNAUTHENTICATED);
      return;
    }
    Restriction restriction = method.restriction().orElse(null);
    AccessRequest request =
        new AccessRequest(principal, Action.CALL, call.method(), restriction != null);
    if (restriction != null && !admits(restriction, request)) {
      go.accept(denied(connection, request, RESTRICTED));
      return;
    }
    if (method.execution() == Execution.NON_BLOCKING) {
      inTurn(connection, request, go); // it has no place where it could wait
    } else {
      decide(connection, request, go);
    }
  }

  /**
   * Goes on if the peer may, in the order in which it asked, at once if that is known at once.
   * Otherwise the call is refused.
   *
   * @param allowed on the loop; what it throws is answered as what a method throws
   */
  public void ask(
      Connection connection, InboundCall call, Action action, String resource, Runnable allowed) {
    check(
        connection,
        action,
        resource,
        fault -> {
          if (fault == null) {
            connection.runInline(call, (same, asked) -> allowed.run());
          } else {
            call.refuse(fault);
          }
        });
  }

  /** As {@link #ask} for who answers itself. */
  public void check(
      Connection connection, Action action, String resource, Consumer<@Nullable Fault> then) {
    Principal principal = principal(connection);
    if (principal == null) {
      then.accept(Refusals.UNAUTHENTICATED);
    } else if (authoriser == null) {
      then.accept(null);
    } else {
      inTurn(connection, new AccessRequest(principal, action, resource, false), then);
    }
  }

  /** As {@link #ask} for what tells which methods there are. */
  public void discover(Connection connection, InboundCall call, Runnable allowed) {
    ask(connection, call, Action.CALL, Names.DISCOVER, allowed);
  }

  /**
   * As {@link #ask} for a method of administration, which the audit log is told of.
   *
   * @param what the name behind {@code rpc.admin.}
   * @param detail what is done and to whom; null for what only looks
   */
  public void administer(
      Connection connection,
      InboundCall call,
      String what,
      @Nullable String detail,
      Runnable allowed) {
    if (!administrator(connection)) {
      Principal principal = principal(connection);
      call.refuse(
          principal == null
              ? Refusals.UNAUTHENTICATED
              : denied(
                  connection,
                  new AccessRequest(principal, Action.ADMINISTER, what, false),
                  "no administrator"));
      return;
    }
    ask(
        connection,
        call,
        Action.ADMINISTER,
        what,
        () -> {
          audit.tell(
              new AuditEvent.Administered(
                  Audit.of(connection), what, detail == null ? "" : detail, detail != null));
          allowed.run();
        });
  }

  private boolean administrator(Connection connection) {
    return administrators == null ? authoriser != null : administrators.test(connection.caller());
  }

  // ---- how it is decided

  private void inTurn(
      Connection connection, AccessRequest request, Consumer<@Nullable Fault> then) {
    Standing standing = Standing.of(connection);
    if (standing == null || (standing.free() && known(connection, request) != null)) {
      decide(connection, request, then);
    } else {
      standing
          .turnstile(() ->
              new Turnstile(
                  connection, (asked, told) -> decide(connection, asked, told), UNDECIDED))
          .pass(request, then);
    }
  }

  private void decide(
      Connection connection, AccessRequest request, Consumer<@Nullable Fault> then) {
    Decision known = known(connection, request);
    if (known != null) {
      then.accept(fault(connection, request, known));
    } else {
      Inquiry.ask(
          this,
          connection.loop(),
          request,
          decision -> then.accept(fault(connection, request, decision)));
    }
  }

  /** What may be done without asking anybody who takes time; null if that is not known. */
  private @Nullable Decision known(Connection connection, AccessRequest request) {
    return switch (authoriser) {
      case null -> Decision.allow();
      case AccessRules rules -> rules.decision(request);
      default -> cache.find(request, connection.loop().now());
    };
  }

  private @Nullable Fault fault(
      Connection connection, AccessRequest request, @Nullable Decision decision) {
    return switch (decision) {
      case null -> UNDECIDED;
      case Decision.Allow allow -> null;
      case Decision.Deny(String reason, var cacheFor) -> denied(connection, request, reason);
    };
  }

  private Fault denied(Connection connection, AccessRequest request, String reason) {
    audit.tell(
        new AuditEvent.Denied(Audit.of(connection), request.action(), request.resource(), reason));
    return NOT_ALLOWED;
  }

  private boolean admits(Restriction restriction, AccessRequest request) {
    Principal principal = request.principal();
    Authoriser asked = authoriser;
    try {
      return restriction.admits(
          !principal.isAnonymous(),
          role -> asked == null ? principal.roles().contains(role) : asked.hasRole(principal, role),
          principal.permissions());
    } catch (RuntimeException e) {
      failed(request, e);
      return false;
    }
  }

  /** Null if the peer has not shown who it is. */
  @Nullable Principal principal(Connection connection) {
    Standing standing = Standing.of(connection);
    return standing == null ? Principal.anonymous() : standing.principal();
  }

  /**
   * Whether a subscription may go on. Nothing else waits for that.
   *
   * @param then told once, on the loop: null if it may
   */
  void again(
      Connection connection,
      Principal principal,
      Review.Item item,
      Consumer<@Nullable Outcome> then) {
    Restriction restriction = item.restriction();
    AccessRequest request =
        new AccessRequest(principal, item.action(), item.resource(), restriction != null);
    if (restriction != null && !admits(restriction, request)) {
      then.accept(new Outcome(NOT_ALLOWED, RESTRICTED));
      return;
    }
    Decision known = known(connection, request);
    if (known != null) {
      then.accept(outcome(known));
    } else {
      Inquiry.ask(this, connection.loop(), request, decision -> then.accept(outcome(decision)));
    }
  }

  /**
   * Why something may not go on.
   *
   * @param reason for the audit log
   */
  record Outcome(Fault fault, String reason) {}

  private static @Nullable Outcome outcome(@Nullable Decision decision) {
    return switch (decision) {
      case null -> new Outcome(UNDECIDED, "undecided");
      case Decision.Allow allow -> null;
      case Decision.Deny(String reason, var cacheFor) -> new Outcome(NOT_ALLOWED, reason);
    };
  }

  /** Once a second at most: peers can bring this about. Safe from any thread. */
  @Override
  public void failed(AccessRequest request, Throwable why) {
    long now = System.nanoTime();
    long last = lastLine.get();
    if (now - last >= NANOS_BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
      LOG.log(Level.ERROR, "authoriser failed action=" + request.action(), why);
    }
  }
}
