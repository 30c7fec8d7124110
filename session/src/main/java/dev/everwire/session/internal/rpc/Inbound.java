package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.RequestId;
import dev.everwire.session.Exposed;
import dev.everwire.session.SessionLimits;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The peer's calls that run or wait, and the order in which they start:
 *
 * <ul>
 *   <li>notifications run one at a time, in the order they came;
 *   <li>a request starts once the notifications that came before it were handled, and as soon as
 *       fewer than {@code maxConcurrentCalls} run, not counting as many as wait for the peer
 *       themselves; requests overtake each other freely after that.
 * </ul>
 *
 * <p>For {@code n1 r1 n2 r2}: n1 runs; when it ends, r1 and n2 run together; r2 starts when n2
 * ended, whether r1 did or not. A request that waits for room never holds up a notification, so
 * handlers that wait for one another across the wire do not dead-lock here. Calls beyond {@code
 * maxAdmittedCalls} are refused. Event loop only.
 */
public final class Inbound {
  private static final int OVERFLOW = 10;

  private final SessionLimits limits;
  // an idle connection has one of each, so they begin as small as can be
  private final ArrayDeque<InboundCall> notifications = new ArrayDeque<>(1);
  private final ArrayDeque<InboundCall> requests = new ArrayDeque<>(1);
  private final Map<RequestId, InboundCall> byId = new HashMap<>();
  private long notificationsReceived;
  private long notificationsHandled;
  private boolean notificationRuns;
  private int requestsRun;

  public Inbound(SessionLimits limits) {
    this.limits = limits;
  }

  /** Takes a request in. False if too many run or wait already; it is not taken then. */
  public boolean admit(InboundCall call, Exposed method) {
    if (requestsRun + requests.size() >= limits.maxAdmittedCalls()) {
      return false;
    }
    call.served = method;
    call.after = notificationsReceived;
    requests.add(call);
    RequestId id = call.id();
    if (id != null) {
      byId.put(id, call);
    }
    return true;
  }

  /** Takes a notification in; look at {@link #saturated()} afterwards. */
  public void queue(InboundCall call, Exposed method) {
    call.served = method;
    notificationsReceived++;
    notifications.add(call);
  }

  /** Whether so many notifications wait that the peer has to be slowed down. */
  public boolean saturated() {
    return notifications.size() >= limits.maxQueuedNotifications();
  }

  /** Whether a saturated queue has become half empty. */
  public boolean relieved() {
    return notifications.size() <= limits.maxQueuedNotifications() / 2;
  }

  /** Whether more notifications wait than can be excused. */
  public boolean overflowing() {
    return notifications.size() >= OVERFLOW * limits.maxQueuedNotifications();
  }

  /**
   * The next call that may start now, marked as running; null if none may.
   *
   * @param waiting our own calls that are out: handlers that wait for them take no room, so that
   *     calls nested across the wire do not wait for each other; nor does a request then wait for a
   *     notification that runs, which may be waiting for just this request
   */
  public @Nullable InboundCall next(boolean requestsToo, int waiting) {
    if (!notificationRuns && !notifications.isEmpty()) {
      notificationRuns = true;
      return started(notifications.remove());
    }
    InboundCall request = requests.peek();
    if (requestsToo
        && request != null
        && requestsRun - waiting < limits.maxConcurrentCalls()
        && (notificationsHandled >= request.after || (notificationRuns && waiting > 0))) {
      requestsRun++;
      return started(requests.remove());
    }
    return null;
  }

  public static Exposed methodOf(InboundCall call) {
    Exposed method = call.served;
    if (method == null) {
      throw new IllegalStateException("not a method of the application's");
    }
    return method;
  }

  /** A call that was started has come to its end. */
  public void finished(InboundCall call) {
    if (call.notification()) {
      notificationRuns = false;
      notificationsHandled++;
    } else {
      requestsRun--;
      forget(call);
    }
  }

  /**
   * Finds a request that can be cancelled. If it still waits it is taken out of the queue and will
   * never start.
   */
  public @Nullable InboundCall cancel(RequestId id) {
    InboundCall call = byId.get(id);
    if (call != null && requests.remove(call)) {
      forget(call);
    }
    return call;
  }

  /** Forgets requests that wait: nobody is there to answer. Notifications still run. */
  public void dropWaitingRequests() {
    for (InboundCall call : requests) {
      call.end();
      forget(call);
    }
    requests.clear();
  }

  /** Calls and notifications that run or wait. */
  public int size() {
    return requestsRun + requests.size() + notifications.size() + (notificationRuns ? 1 : 0);
  }

  public static boolean running(InboundCall call) {
    return call.state == InboundCall.State.RUNNING;
  }

  private static InboundCall started(InboundCall call) {
    call.state = InboundCall.State.RUNNING;
    return call;
  }

  private void forget(InboundCall call) {
    RequestId id = call.id();
    if (id != null) {
      byId.remove(id, call);
    }
  }
}
