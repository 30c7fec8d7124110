package dev.everwire.client;

import dev.everwire.client.internal.lifecycle.Effect;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.internal.lifecycle.Lifecycle;
import dev.everwire.client.internal.lifecycle.State;
import dev.everwire.client.internal.lifecycle.Step;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.discover.Discovery;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one client connected: feeds its {@link Lifecycle} with what happens and carries out what
 * that decides. Event loop only, except where a method says otherwise.
 */
final class Keeper implements Outgoing, Line.Listener {
  private static final Logger LOG = System.getLogger(Keeper.class.getName());
  private static final Duration AFTER_A_BROKEN_POLICY = Duration.ofSeconds(60);

  private final ClientOptions options;
  private final Loop loop;
  private final Lifecycle lifecycle;
  private final Line line;
  private final Topics topics;
  private final StatusMailbox statuses;
  private final Route eventRoute;
  private final Route gapRoute;
  private final @Nullable Route discoverRoute;
  private final CompletableFuture<Void> firstLive = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private final ArrayDeque<Input> inputs = new ArrayDeque<>();
  private boolean stepping; // an input that comes while one is carried out waits its turn
  private State state = new State.Idle();
  private Loop.@Nullable Timer wake;
  private boolean finishing; // once the last connection is gone
  private String lastFailure = "no answer";

  // Written on the loop, read by anybody.
  private volatile @Nullable String sessionId;
  private volatile @Nullable LastClose lastClose; // while there is no other connection
  private volatile @Nullable Connection live; // while calls may be made
  private volatile Status status = new Status.Connecting(1);

  Keeper(ClientOptions options) {
    this.options = options;
    this.loop = options.dialer().loop();
    this.lifecycle = new Lifecycle(!options.plain(), this::delay);
    this.line = new Line(options, loop, this::route, this);
    this.topics = new Topics(loop, options.random());
    this.statuses = new StatusMailbox(options.onStatus(), options.workers());
    this.eventRoute = new Route.Inline(topics::event);
    this.gapRoute = new Route.Inline(topics::gap);
    this.discoverRoute =
        options.serving().discovery()
            ? Discovery.route(
                options.name(),
                options.version(),
                options.serving().methods(),
                options.values().schemas())
            : null;
  }

  // ---- from any thread

  @Override
  public Loop loop() {
    return loop;
  }

  Status status() {
    return status;
  }

  @Nullable String sessionId() {
    return sessionId;
  }

  @Nullable LastClose lastClose() {
    return lastClose;
  }

  StatusMailbox statuses() {
    return statuses;
  }

  /** Done at the first live connection; fails with {@link ConnectFailedException}. */
  CompletableFuture<Void> firstLive() {
    return firstLive;
  }

  /** Done when every connection is gone, and the dialer if it is the client's. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Starts to dial. */
  void start() {
    loop.execute(() -> put(new Input.Start()));
  }

  /** Gives up unless there is a live connection by then. */
  void connectWithin(Duration within) {
    Loop.Timer limit =
        loop.schedule(
            within.toNanos(),
            () -> {
              if (!firstLive.isDone()) {
                put(new Input.Close("not connected within " + within + ": " + lastFailure));
              }
            });
    var unused = firstLive.whenComplete((nothing, failure) -> limit.cancel());
  }

  void close() {
    execute(() -> put(new Input.Close("closed by this client")));
  }

  /** Runs a task on the loop. False if the loop has ended, and everything with it. */
  boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  // ---- the user's side

  Topics topics() {
    return topics;
  }

  @Override
  public boolean takesStreams() {
    Connection now = live;
    return now == null || now.takesStreams();
  }

  @Override
  public Running call(OutboundCall call) {
    Connection now = live;
    if (now == null) {
      call.done().complete(new CallOutcome.Lost(false, "not connected"));
      return Running.ENDED;
    }
    return now.call(call);
  }

  @Override
  public List<Running> batch(List<Member> members) {
    Connection now = live;
    if (now != null) {
      return now.batch(members);
    }
    List<Running> ended = new ArrayList<>();
    for (Member member : members) {
      if (member instanceof Member.Called(OutboundCall call)) {
        ended.add(call(call));
      }
    }
    return ended;
  }

  @Override
  public Offer notify(String method, @Nullable RawJson params) {
    Connection now = live;
    return now == null ? Offer.CLOSED : now.notify(method, params);
  }

  private @Nullable Route route(String method) {
    return switch (method) {
      case Names.EVENT -> eventRoute;
      case Names.GAP -> gapRoute;
      case Names.DISCOVER -> discoverRoute;
      default -> {
        Exposed served = options.serving().methods().find(method);
        yield served == null ? null : new Route.Served(served);
      }
    };
  }

  // ---- the lifecycle

  @Override
  public void happened(Input input) {
    if (input instanceof Input.Lost(int code, String reason)) {
      lastClose = new LastClose(code, reason);
    }
    put(input);
  }

  @Override
  public void released() {
    endIfNothingIsLeft();
  }

  private Optional<Duration> delay(int failures) {
    try {
      return options.reconnect().delay(failures, options.random());
    } catch (RuntimeException e) { // the user's own policy must not strand the client
      LOG.log(Level.ERROR, "reconnect policy failed failures=" + failures, e);
      return Optional.of(AFTER_A_BROKEN_POLICY);
    }
  }

  private void put(Input input) {
    inputs.add(input);
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      for (Input next = inputs.poll(); next != null; next = inputs.poll()) {
        long now = loop.now();
        Step step = lifecycle.step(state, next, now);
        state = step.next();
        for (Effect effect : step.effects()) {
          carryOut(effect, now);
        }
      }
    } finally {
      stepping = false;
    }
  }

  private void carryOut(Effect effect, long now) {
    switch (effect) {
      case Effect.Dial() -> line.dial();
      case Effect.CancelDial() -> line.cancelDial();
      case Effect.Greet() -> line.greet();
      case Effect.Hangup(CloseCode code, String reason) -> line.hangup(code, reason);
      case Effect.WakeAt(long at) -> wakeAt(at, now);
      case Effect.GoOnline() -> goOnline();
      case Effect.GoOffline() -> {
        live = null;
        sessionId = null;
        topics.offline();
      }
      case Effect.Announce() -> announce(now);
      case Effect.Finish() -> finish();
    }
  }

  private void wakeAt(long at, long now) {
    cancelWake();
    try {
      wake = loop.schedule(at - now, () -> put(new Input.Wake()));
    } catch (RejectedExecutionException e) {
      put(new Input.Close("the dialer is closed"));
    }
  }

  private void cancelWake() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
  }

  private void goOnline() {
    cancelWake();
    Connection now = line.connection();
    if (now != null) {
      live = now;
      lastClose = null;
      sessionId = line.sessionId();
      topics.online(now);
    }
    firstLive.complete(null);
  }

  private void announce(long now) {
    Status next =
        switch (state) {
          case State.Idle idle -> null;
          case State.Greeting greeting -> null;
          case State.Dialing(int attempt) -> new Status.Connecting(attempt);
          case State.Live(var attempt, var since, boolean resumed) -> new Status.Live(resumed);
          case State.Waiting(var attempt, long until, String failure) -> {
            lastFailure = failure;
            yield new Status.Waiting(Duration.ofNanos(until - now));
          }
          case State.Closed(End end) -> new Status.Closed(end.why());
        };
    if (next != null) {
      status = next;
      String why = next instanceof Status.Waiting ? " after=\"" + lastFailure + "\"" : "";
      LOG.log(Level.INFO, "server=" + options.address() + " status=" + next + why);
      statuses.tell(next);
    }
  }

  private void finish() {
    cancelWake();
    if (state instanceof State.Closed(End end)) {
      topics.end(
          end instanceof End.Asked(String why)
              ? new Ending.Closed(why)
              : new Ending.Lost("client closed: " + end.why()));
      int httpStatus = end instanceof End.Refused(int refused, var message) ? refused : 0;
      firstLive.completeExceptionally(
          new ConnectFailedException(options.address() + ": " + end.why(), httpStatus));
    }
    endIfNothingIsLeft();
  }

  /** The client is closed: when its last connection is gone, so is the dialer if it is its own. */
  private void endIfNothingIsLeft() {
    if (finishing || !(state instanceof State.Closed) || !line.released()) {
      return;
    }
    finishing = true;
    if (options.ownsDialer()) {
      // Not here: closing waits for this very loop to end.
      Thread.ofVirtual()
          .name("everwire-farewell")
          .start(() -> {
            try {
              options.dialer().close();
            } finally {
              ended.complete(null);
            }
          });
    } else {
      ended.complete(null);
    }
  }
}
