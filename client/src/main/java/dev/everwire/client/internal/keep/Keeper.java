package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.lifecycle.Attempt;
import dev.everwire.client.internal.lifecycle.Effect;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.internal.lifecycle.Lifecycle;
import dev.everwire.client.internal.lifecycle.Rules;
import dev.everwire.client.internal.lifecycle.State;
import dev.everwire.client.internal.lifecycle.Succession;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.Figures;
import dev.everwire.client.link.LastClose;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.wire.Alert;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one client connected: feeds its {@link Lifecycle} with what happens and carries out on its
 * {@link Line} what that decides. Event loop only, except where a method says otherwise.
 */
public final class Keeper implements Line.Listener {
  private static final Logger LOG = System.getLogger(Keeper.class.getName());

  private final Loop loop;
  private final Line line;
  private final Course course;
  private final Rules rules;
  private final Targets targets;
  private final Credentials credentials;
  private final Renewal renewal;
  private final Telling telling;
  private final FirstConnection first;
  private final Release release;
  private final Goaways goaways; // of the present connection
  private final boolean authenticates;

  private @Nullable String token; // the one to dial with

  private volatile @Nullable LastClose lastClose; // while there is no other; read by anybody

  /**
   * @param greets whether something has to be said and answered before a connection can be used
   * @param authenticates whether that says who we are
   * @param line made for this keeper, which it tells
   */
  public Keeper(
      Terms terms, boolean greets, boolean authenticates, Function<Line.Listener, Line> line) {
    this.loop = terms.dialer().loop();
    this.authenticates = authenticates;
    this.line = line.apply(this);
    this.rules = terms.rules(greets, this.line::verdict);
    this.course = new Course(new Lifecycle(rules), loop, this::carryOut);
    this.targets = new Targets(terms);
    URI server = Terms.plain(terms.endpoints().getFirst());
    this.telling = new Telling(terms, server);
    this.first = new FirstConnection(server, loop);
    this.release = new Release(terms.ownsDialer() ? terms.dialer() : null);
    this.goaways = new Goaways(loop);
    this.credentials = new Credentials(terms);
    this.renewal =
        new Renewal(
            new Credentials(terms),
            this.line,
            loop,
            terms.settings().authRetries(),
            terms.settings().authTimeout(),
            telling::refused);
  }

  // ---- from any thread

  public Loop loop() {
    return loop;
  }

  public Status status() {
    return telling.status();
  }

  public long epoch() {
    return telling.epoch();
  }

  public @Nullable LastClose lastClose() {
    return lastClose;
  }

  public EventMailbox events() {
    return telling.mailbox();
  }

  public Figures figures() {
    return targets.figures();
  }

  /** Tells the user. */
  public void tell(ClientEvent event) {
    telling.tell(event);
  }

  /** Done when every connection is gone, and the dialer if it is the client's. */
  public CompletableFuture<Void> ended() {
    return release.done();
  }

  /**
   * Starts to dial.
   *
   * @throws IllegalStateException if the dialer is closed
   */
  public void start() {
    if (!execute(() -> put(new Input.Start()))) {
      throw new IllegalStateException("dialer: closed (expected: open)");
    }
  }

  /**
   * Waits until it is connected, and gives up when that time is over.
   *
   * @throws ConnectFailedException it was not within that time, or never will be
   */
  public void awaitReady(Duration within) {
    first.await(within, why -> put(new Input.Close(why)));
  }

  public void close() {
    if (!execute(() -> put(new Input.Close("closed by this client")))) {
      // Nothing runs on the loop any more, so what waits there would do so for ever.
      String why = "the dialer was closed";
      End end = new End.Asked(why);
      first.never(end);
      if (!telling.status().terminal()) {
        bury(end);
      }
      telling.lastWord(why);
      release.done().complete(null);
    }
  }

  /** Its loop is dead: no other thread can get in the way. */
  private void bury(End end) {
    try {
      line.end(end);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "not everything could be ended", e);
    }
  }

  /** Runs a task on the loop. False if the loop has ended, and everything with it. */
  public boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  // ---- from the line

  @Override
  public void happened(Input input) {
    put(
        switch (input) {
          case Input.Opened opened -> {
            if (course.state() instanceof State.Dialing) {
              telling.status(new Status.Connected());
            }
            yield input;
          }
          case Input.DialFailed(int status, String message, Duration after) -> {
            targets.failed(message, after);
            // Only a place of the client's own can turn it away for good.
            yield new Input.DialFailed(
                targets.redirected() ? 0 : status, Words.brief(message), targets.shut());
          }
          case Input.Unwelcome(int fault, String message, Duration after) -> {
            String said = Words.brief(message);
            targets.failed("hello refused: " + said, after);
            yield new Input.Unwelcome(fault, said, targets.shut());
          }
          case Input.SuccessorLost(int code, String reason) -> {
            targets.failed(new End.Stopped(code, reason).why(), null);
            yield input;
          }
          case Input.Lost(int code, String reason, Duration after) ->
              lost(code, Words.brief(reason));
          default -> input;
        });
  }

  private Input lost(int code, String reason) {
    String why = new End.Stopped(code, reason).why();
    Duration left = goaways.left();
    if (course.state() instanceof State.Ready ready) {
      targets.lost(why, rules.stable(ready, loop.now()), left);
    } else {
      targets.failed(why, left);
    }
    lastClose = new LastClose(code, reason);
    telling.present();
    return new Input.Lost(code, reason, targets.shut());
  }

  @Override
  public void opened(long epoch, URI endpoint) {
    boolean successor = course.state() instanceof State.Ready;
    if (!successor) {
      goaways.forget();
    }
    telling.opened(epoch, Terms.plain(endpoint), successor);
  }

  @Override
  public void gone(long epoch, int code, String reason) {
    telling.gone(epoch, code, Words.brief(reason));
  }

  @Override
  public void released() {
    if (course.state() instanceof State.Closing && line.released()) {
      put(new Input.Released());
    }
  }

  @Override
  public void goaway(Line.Departure departure) {
    if (!goaways.told(departure.retryAfter())) {
      return;
    }
    boolean live = course.state() instanceof State.Ready;
    URI to = departure.to();
    if (!targets.redirect(live, to)) {
      LOG.log(Level.WARNING, "redirect not followed to=" + Words.brief(String.valueOf(to)));
    }
    if (!live) {
      return; // what was said counts when it is lost
    }
    Duration after = departure.retryAfter();
    Duration in = after == null || after.compareTo(departure.in()) < 0 ? departure.in() : after;
    targets.leaving();
    telling.moving(Words.brief(departure.reason()), in);
    put(new Input.Goaway(in, departure.closeIn()));
  }

  @Override
  public void expiring(Duration in) {
    if (rules.tokens() == Rules.Tokens.RENEWED) {
      renewal.expiring(in);
    }
  }

  @Override
  public void alert(Alert alert) {
    tell(new ClientEvent.Alert(epoch(), alert.severity(), alert.message(), alert.data()));
  }

  // ---- the lifecycle

  private void put(Input input) {
    course.put(input);
  }

  private void carryOut(Effect effect, long now) {
    switch (effect) {
      case Effect.FetchToken(boolean renew) -> fetch(renew);
      case Effect.Dial() -> dial();
      case Effect.CancelDial() -> {
        credentials.forget();
        line.cancelDial();
      }
      case Effect.Greet() -> line.greet();
      case Effect.Hangup(CloseCode code, String reason) -> {
        noteSilence(code, reason);
        line.hangup(code, reason);
      }
      case Effect.DropSuccessor(CloseCode code, String reason) -> {
        noteSilence(code, reason);
        line.dropSuccessor(code, reason);
      }
      case Effect.HandOver(long closeBy) ->
          line.handOver(Duration.ofNanos(Math.max(0, closeBy - now)));
      case Effect.WakeAt wakeAt -> {} // the course wakes itself
      case Effect.GoOnline() -> goOnline();
      case Effect.GoOffline() -> {
        renewal.stop();
        line.offline();
      }
      case Effect.Announce() -> announce(now);
      case Effect.Refused(String why, boolean willRetry) -> telling.refused(why, willRetry);
      case Effect.EndAll(End end) -> endAll(end);
      case Effect.Finish() -> release.begin();
    }
  }

  /** Who does not answer has failed, too. */
  private void noteSilence(CloseCode code, String reason) {
    if (code.equals(CloseCode.HELLO_TIMEOUT)) {
      targets.failed(reason, null);
    }
  }

  private void fetch(boolean renew) {
    credentials.fetch(
        renew,
        fetched -> {
          token = fetched;
          put(new Input.TokenReady());
        },
        why -> put(new Input.TokenFailed(why)));
  }

  private void dial() {
    Duration rest = targets.begin(attempt());
    if (rest != null) {
      put(new Input.HeldBack(rest));
      return;
    }
    try {
      line.dial(targets.dialled(), token);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "dial failed endpoint=" + Terms.plain(targets.dialled()), e);
      happened(new Input.DialFailed(0, "cannot be dialled", null));
    }
  }

  /** The number of the attempt under way. */
  private int attempt() {
    return switch (course.state()) {
      case State.Dialing(Attempt attempt) -> attempt.number();
      case State.Ready ready
          when ready.next() instanceof Succession.Dialing(Attempt attempt, long closeBy) ->
          attempt.number();
      default -> 1;
    };
  }

  private void goOnline() {
    course.sleep();
    renewal.stop(); // that was about the former connection
    goaways.forget();
    lastClose = null;
    targets.succeeded(telling.present());
    line.online();
  }

  private void announce(long now) {
    switch (course.state()) {
      case State.Idle idle -> {}
      case State.Fetching(var attempt, long until) -> connecting(attempt.number());
      case State.Dialing(var attempt) -> connecting(attempt.number());
      case State.Greeting greeting -> {
        // Not told yet where a successor is left alone before it was welcome.
        boolean told = telling.status() instanceof Status.Connected;
        if (authenticates) {
          telling.status(new Status.Authenticating());
        } else if (!told) {
          telling.status(new Status.Connected());
        }
      }
      case State.Ready ready -> {
        telling.status(new Status.Ready(ready.resumed()));
        first.made(); // behind the status: who waited for it may look at that
      }
      case State.Waiting(var attempt, long until, String failure) -> {
        first.failed(failure);
        Duration delay = Duration.ofNanos(until - now);
        telling.status(new Status.Reconnecting(attempt.number(), delay, failure));
      }
      case State.Closing closing -> telling.status(new Status.Closing());
      case State.Closed(End.Asked(String why)) -> telling.status(new Status.Closed(why));
      case State.Closed(End end) -> telling.status(new Status.Failed(end.why()));
    }
  }

  private void connecting(int attempt) {
    telling.status(new Status.Connecting(attempt));
  }

  private void endAll(End end) {
    course.sleep();
    credentials.forget();
    renewal.stop();
    targets.end(end instanceof End.Asked, end.why());
    first.never(end);
    try {
      line.end(end);
    } finally {
      line.hangup(CloseCode.NORMAL, "closed"); // what was handed over does not linger
      released();
    }
  }
}
