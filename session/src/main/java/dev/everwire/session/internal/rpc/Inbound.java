package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.RequestId;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.stream.Ending;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The peer's calls that run or wait, and the order in which they start:
 *
 * <ul>
 *   <li>notifications run one at a time, in the order they came;
 *   <li>a request starts once the notifications that came before it were handled, and as soon as
 *       fewer than {@code maxConcurrentCalls} run, not counting as many as wait for the peer
 *       themselves; requests overtake each other freely after that;
 *   <li>except those {@link Execution#IN_ORDER}, which run one at a time, notifications among them,
 *       in the order they came, beside all others.
 * </ul>
 *
 * <p>For {@code n1 r1 n2 r2}: n1 runs; when it ends, r1 and n2 run together; r2 starts when n2
 * ended, whether r1 did or not. A request that waits for room never holds up a notification, so
 * handlers that wait for one another across the wire do not dead-lock here. For {@code o1 r1 o2} of
 * which the o are in order: o1 and r1 run together; o2 starts when o1 ended, or as soon as o1
 * itself waits for the peer, which may be waiting for o2. Calls beyond {@code maxAdmittedCalls} are
 * refused. Event loop only.
 */
public final class Inbound {
  private static final int OVERFLOW = 10; // times what saturates
  private static final long MOST_BYTES = 16 * 1024 * 1024; // of parameters that wait

  private final SessionLimits limits;
  private final WaitingCalls notifications = new WaitingCalls();
  private final WaitingCalls requests = new WaitingCalls();
  private final WaitingCalls ordered = new WaitingCalls(); // requests, too
  private final Turn.Order order = new Turn.Order();
  private final Map<RequestId, InboundCall> byId = new HashMap<>();
  private final Deadlines<InboundCall> deadlines = new Deadlines<>();
  private long received; // calls of any kind, to tell which came first
  private long notificationsReceived;
  private long notificationsHandled;
  private boolean notificationRuns;
  private int requestsRun;
  private int streams; // whose handlers have returned and that send items

  public Inbound(SessionLimits limits) {
    this.limits = limits;
  }

  /** Whether a request of this id waits for its answer. */
  public boolean inUse(RequestId id) {
    InboundCall call = byId.get(id);
    return call != null && !call.ended();
  }

  /** Takes a request in. False if too many run or wait already; it is not taken then. */
  public boolean admit(InboundCall call, Exposed method) {
    if (requestsRun + streams + requests.size() + ordered.size() >= limits.maxAdmittedCalls()) {
      return false;
    }
    call.served = method;
    call.serial = ++received;
    call.after = notificationsReceived;
    (inOrder(call) ? ordered : requests).add(call);
    RequestId id = call.id();
    if (id != null) {
      byId.put(id, call);
    }
    if (call.hasDeadline()) {
      deadlines.add(call);
    }
    return true;
  }

  /** Takes a notification in; look at {@link #saturated()} afterwards. */
  public void queue(InboundCall call, Exposed method) {
    call.served = method;
    call.serial = ++received;
    notificationsReceived++;
    notifications.add(call);
  }

  /** Whether so many notifications or bytes wait that the peer has to be slowed down. */
  public boolean saturated() {
    return notifications.size() >= limits.maxQueuedNotifications() || bytes() >= MOST_BYTES;
  }

  /** Whether what was saturated has become half empty. */
  public boolean relieved() {
    return notifications.size() <= limits.maxQueuedNotifications() / 2 && bytes() <= MOST_BYTES / 2;
  }

  /** Whether more waits than can be excused. */
  public boolean overflowing() {
    return notifications.size() >= OVERFLOW * limits.maxQueuedNotifications()
        || bytes() >= OVERFLOW * MOST_BYTES;
  }

  /** Of all parameters that wait. */
  public long bytes() {
    return notifications.bytes() + requests.bytes() + ordered.bytes();
  }

  /**
   * The next call that may start now, marked as running; null if none may.
   *
   * @param waiting our own calls that are out: handlers that wait for them take no room, so that
   *     calls nested across the wire do not wait for each other; nor does a request then wait for a
   *     notification, which may be waiting for just this request
   */
  public @Nullable InboundCall next(boolean requestsToo, int waiting) {
    boolean turn = order.free();
    InboundCall notification = notifications.first();
    if (notification != null && !notificationRuns && (turn || !inOrder(notification))) {
      if (!inOrder(notification) || first(notification)) {
        notificationRuns = true;
        return started(notifications.remove());
      }
    }
    if (!requestsToo || requestsRun - waiting >= limits.maxConcurrentCalls()) {
      return null;
    }
    InboundCall request = ready(requests, waiting);
    InboundCall inTurn = turn ? ready(ordered, waiting) : null;
    if (inTurn != null && (request == null || inTurn.serial < request.serial)) {
      requestsRun++;
      return started(ordered.remove());
    }
    if (request != null) {
      requestsRun++;
      return started(requests.remove());
    }
    return null;
  }

  /** Whether no request came before it that has to run in order with it and has not begun. */
  private boolean first(InboundCall notification) {
    InboundCall request = ordered.first();
    return request == null || notification.serial < request.serial;
  }

  private @Nullable InboundCall ready(WaitingCalls queue, int waiting) {
    InboundCall call = queue.first();
    return call != null && (notificationsHandled >= call.after || waiting > 0) ? call : null;
  }

  private InboundCall started(InboundCall call) {
    call.state = InboundCall.State.RUNNING;
    if (inOrder(call)) {
      call.turn = order.begin();
    }
    return call;
  }

  private static boolean inOrder(InboundCall call) {
    return methodOf(call).execution() == Execution.IN_ORDER;
  }

  public static Exposed methodOf(InboundCall call) {
    Exposed method = call.served;
    if (method == null) {
      throw new IllegalStateException("not a method of the application's");
    }
    return method;
  }

  /**
   * The handler of a running request has returned a stream: while that is sent it makes room for
   * another call, but stays admitted.
   */
  public void streams(InboundCall call) {
    call.streaming = true;
    requestsRun--;
    streams++;
    endTurn(call);
  }

  /** A call that was started has come to its end. */
  public void finished(InboundCall call) {
    if (call.streaming) {
      streams--;
      forget(call);
      return;
    }
    endTurn(call);
    if (call.notification()) {
      notificationRuns = false;
      notificationsHandled++;
    } else {
      requestsRun--;
      forget(call);
    }
    call.returned();
  }

  /** Whether a request of a kind runs or waits. */
  public boolean any(Predicate<InboundCall> kind) {
    return byId.values().stream().anyMatch(kind);
  }

  private static void endTurn(InboundCall call) {
    if (call.turn != null) {
      call.turn.end();
    }
  }

  /** Finds a request that can be cancelled; see {@link #giveUp}. */
  public @Nullable InboundCall find(RequestId id) {
    return byId.get(id);
  }

  /** A request whose deadline has passed, the earliest first; null if none has. */
  public @Nullable InboundCall pollLate(long now) {
    return deadlines.pollDue(now);
  }

  /** Nanoseconds until a request's deadline, {@link Long#MAX_VALUE} if none has one. */
  public long untilNextDeadline(long now) {
    return deadlines.untilFirst(now);
  }

  /**
   * Nobody waits for a request any more. If it has not begun it is taken out of the queue and never
   * will.
   *
   * @return whether it runs
   */
  public boolean giveUp(InboundCall call) {
    if (call.state == InboundCall.State.RUNNING) {
      deadlines.remove(call);
      return true;
    }
    if (requests.remove(call) || ordered.remove(call)) {
      forget(call);
    }
    return false;
  }

  /**
   * Forgets requests that wait and the deadlines of those that run: nobody is there to answer.
   * Notifications still run.
   */
  public void dropWaitingRequests() {
    dropWaitingRequests(call -> true);
    deadlines.clear();
  }

  /** Forgets some of the requests that wait. */
  public void dropWaitingRequests(Predicate<InboundCall> which) {
    drop(requests, which);
    drop(ordered, which);
  }

  /**
   * The connection is gone, and with it all streams of calls.
   *
   * @param sent told each call whose result is just being sent
   */
  public void endStreams(Ending why, Consumer<InboundCall> sent) {
    for (InboundCall call : byId.values()) {
      call.endStreams(why);
      if (call.streaming) {
        sent.accept(call);
      }
    }
  }

  private void drop(WaitingCalls waiting, Predicate<InboundCall> which) {
    for (InboundCall call : waiting.which(which)) {
      waiting.remove(call);
      call.end();
      forget(call);
    }
  }

  /** Calls and notifications that run or wait. */
  public int size() {
    return requestsRun
        + streams
        + requests.size()
        + ordered.size()
        + notifications.size()
        + (notificationRuns ? 1 : 0);
  }

  private void forget(InboundCall call) {
    deadlines.remove(call);
    RequestId id = call.id();
    if (id != null) {
      byId.remove(id, call);
    }
  }
}
