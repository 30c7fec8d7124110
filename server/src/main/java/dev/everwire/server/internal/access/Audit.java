package dev.everwire.server.internal.access;

import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of what has to be known later, to whoever wants it or to the log {@code
 * dev.everwire.audit}. What any peer can bring about as often as it likes is told ten times a
 * second at most, and then how often it was not; what an administrator does is always told. Safe
 * from any thread.
 */
public final class Audit {
  static final int MOST_A_SECOND = 10;
  private static final Logger LOG = System.getLogger("dev.everwire.audit");
  private static final long SECOND = 1_000_000_000L;

  private final Consumer<AuditEvent> told;
  private final Tap denied = new Tap("denied");
  private final Tap kept = new Tap("administration-denied"); // which other denials must not hide
  private final Tap failed = new Tap("authentication-failed");
  private volatile @Nullable Loop loop; // set once, before anybody comes

  /**
   * @param listener null for the log
   */
  public Audit(@Nullable Consumer<AuditEvent> listener) {
    told = listener == null ? Audit::log : listener;
  }

  /** Measures time, and tells in time of what was suppressed. */
  public void listens(Loop clock) {
    loop = clock;
    denied.begin();
    kept.begin();
    failed.begin();
  }

  public void tell(AuditEvent event) {
    switch (event) {
      case AuditEvent.Denied denial when denial.action() == Action.ADMINISTER -> kept.pass(denial);
      case AuditEvent.Denied denial -> denied.pass(denial);
      case AuditEvent.AuthenticationFailed failure -> failed.pass(failure);
      default -> pass(event);
    }
  }

  /** Whoever is at the other end of a connection. */
  public static AuditEvent.Actor of(Connection connection) {
    Standing standing = Standing.of(connection);
    Principal principal = standing == null ? null : standing.principal();
    String user = principal == null ? null : principal.user();
    return new AuditEvent.Actor(
        user == null ? connection.user().orElse(null) : user,
        principal == null ? null : principal.tenant(),
        connection.id(),
        connection.sessionId().equals(connection.id()) ? null : connection.sessionId(),
        connection.remoteAddress());
  }

  private void pass(AuditEvent event) {
    try {
      told.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "audit listener failed " + AuditLine.of(event), e);
    }
  }

  private static void log(AuditEvent event) {
    Level level = AuditLine.level(event);
    if (LOG.isLoggable(level)) {
      LOG.log(level, AuditLine.of(event));
    }
  }

  /** Lets so many through each second. */
  private final class Tap {
    private final String kind;
    private final ReentrantLock lock = new ReentrantLock();
    private long since = now(); // guarded by lock; when the second began
    private int passed; // guarded by lock; in this second
    private long suppressed; // guarded by lock; not told of yet

    Tap(String kind) {
      this.kind = kind;
    }

    /** Another clock holds from now on. */
    void begin() {
      lock.lock();
      try {
        since = now();
      } finally {
        lock.unlock();
      }
    }

    void pass(AuditEvent event) {
      boolean passes;
      boolean first = false;
      long before = 0;
      lock.lock();
      try {
        long now = now();
        if (now - since >= SECOND) {
          since = now;
          passed = 0;
          before = suppressed;
          suppressed = 0;
        }
        passes = passed < MOST_A_SECOND;
        if (passes) {
          passed++;
        } else {
          first = suppressed++ == 0;
        }
      } finally {
        lock.unlock();
      }
      tellOf(before);
      if (passes) {
        Audit.this.pass(event);
      } else if (first) {
        tellLater();
      }
    }

    private void tellLater() {
      Loop clock = loop;
      if (clock != null) {
        try {
          var unused = clock.schedule(SECOND, this::flush);
        } catch (RejectedExecutionException e) {
          // the server has ended
        }
      }
    }

    private void flush() {
      long count;
      lock.lock();
      try {
        count = suppressed;
        suppressed = 0;
      } finally {
        lock.unlock();
      }
      tellOf(count);
    }

    private void tellOf(long count) {
      if (count > 0) {
        Audit.this.pass(new AuditEvent.Suppressed(kind, count));
      }
    }

    private long now() {
      Loop clock = loop;
      return clock == null ? System.nanoTime() : clock.now();
    }
  }
}
