package dev.everwire.testkit.mock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a {@link MockServer} does on one connection: steps in order, and answers that stand the
 * whole time. Read it from top to bottom:
 *
 * <pre>{@code
 * Script.open()
 *     .expect("login").say("{\"ok\":true}")
 *     .expect(said -> "subscribe".equals(said.string("op")))
 *     .say(said -> "{\"req_id\":" + said.member("req_id") + ",\"ok\":true}")
 *     .pause(Duration.ofSeconds(1))
 *     .close(1012, "restart")
 * }</pre>
 *
 * <p>A message that fits the step in turn takes it; else the first standing answer that fits is
 * given; what fits nothing waits to be looked at with {@link MockConnection#hear()}. Immutable:
 * each method answers a longer script, and one can be followed on many connections. Functions are
 * called on the connection's loop and must not block.
 */
public final class Script {
  private final List<Step> steps;
  private final List<Rule> rules;
  private final Duration delay;

  /** What is to be done, or to be waited for. */
  sealed interface Step {
    record Expect(String what, Predicate<Heard> fits) implements Step {}

    record Pause(Duration time) implements Step {}

    record Act(String what, Deed deed) implements Step {}
  }

  /** A standing answer; one that fits only the n-th message if n is not 0. */
  record Rule(Predicate<Heard> fits, int onlyAfter, Deed deed) {}

  /** Done on the loop; the message is null if none has fitted yet. */
  @FunctionalInterface
  interface Deed {
    void on(Play play);
  }

  private Script(List<Step> steps, List<Rule> rules, Duration delay) {
    this.steps = List.copyOf(steps);
    this.rules = List.copyOf(rules);
    this.delay = delay;
  }

  /** Accepts the connection and says nothing. */
  public static Script open() {
    return new Script(List.of(), List.of(), Duration.ZERO);
  }

  /** Answers {@code rpc.hello} as a fresh Everwire server, and heartbeats. */
  public static Script everwire() {
    return everwire(HelloAnswer.standard());
  }

  public static Script everwire(HelloAnswer hello) {
    return open()
        .answering("rpc.hello", said -> hello.result())
        .always(said -> said.calls("$/ping"), said -> JsonRpc.notification("$/pong", "{}"))
        .ignoring(said -> said.calls("$/pong"));
  }

  // ---- steps

  /** Goes on when the client has said something with this in it. */
  public Script expect(String part) {
    return step(new Step.Expect("“" + part + "”", said -> said.contains(part)));
  }

  public Script expect(Predicate<Heard> fits) {
    return step(new Step.Expect("a message that fits", fits));
  }

  /** Goes on when the client has called or notified a JSON-RPC method. */
  public Script expectCall(String method) {
    return step(new Step.Expect("a call of " + method, said -> said.calls(method)));
  }

  public Script say(String text) {
    return act("say", play -> play.connection().sayNow(text));
  }

  /** Says something made from the message that was last expected. */
  public Script say(Function<Heard, String> made) {
    return act("say", play -> play.connection().sayNow(made.apply(play.said())));
  }

  public Script sayBinary(byte[] payload) {
    byte[] own = payload.clone();
    return act("say binary", play -> play.connection().sayBinaryNow(own));
  }

  /** Answers the JSON-RPC call that was last expected. */
  public Script answer(String result) {
    return say(said -> JsonRpc.answer(said, result));
  }

  /** Refuses the JSON-RPC call that was last expected. */
  public Script refuse(int code, String message) {
    return say(said -> JsonRpc.fault(said, code, message, null));
  }

  /** Does nothing for a while; what comes meanwhile is looked at afterwards. */
  public Script pause(Duration time) {
    return step(new Step.Pause(time));
  }

  /** Reads no more (on: false) or again; what the client sends piles up on its side. */
  public Script reading(boolean on) {
    return act("reading", play -> play.connection().readingNow(on));
  }

  /** Half open: nothing is read, answered or said any more, and the connection stays. */
  public Script goSilent() {
    return act("go silent", play -> play.connection().goSilentNow());
  }

  public Script close(int code, String reason) {
    return act("close", play -> play.connection().closeNow(code, reason));
  }

  /** Ends the connection without a Close frame. */
  public Script cut() {
    return act("cut", play -> play.connection().cutNow());
  }

  /** Anything else, on the connection's loop. */
  public Script then(Consumer<MockConnection> deed) {
    return act("then", play -> deed.accept(play.connection()));
  }

  // ---- what stands the whole time

  /** Answers every message that fits, however many come. */
  public Script always(Predicate<Heard> fits, Function<Heard, String> made) {
    return rule(new Rule(fits, 0, play -> play.connection().sayNow(made.apply(play.said()))));
  }

  /** Answers every message with this in it. */
  public Script always(String part, Function<Heard, String> made) {
    return always(said -> said.contains(part), made);
  }

  /** Answers every call of a JSON-RPC method with a result made from it. */
  public Script answering(String method, Function<Heard, String> result) {
    return always(said -> said.calls(method), said -> JsonRpc.answer(said, result.apply(said)));
  }

  /** Refuses every call of a JSON-RPC method. */
  public Script refusing(String method, int code, String message) {
    return always(said -> said.calls(method), said -> JsonRpc.fault(said, code, message, null));
  }

  /** Takes every message that fits, and says nothing. */
  public Script ignoring(Predicate<Heard> fits) {
    return rule(new Rule(fits, 0, play -> {}));
  }

  /** Accepts {@code rpc.auth}; the new token is good for so long. */
  public Script acceptingAuth(Duration expiresIn) {
    return answering(
        "rpc.auth", said -> "{\"user\":\"u1\",\"authExpiresIn\":" + expiresIn.toSeconds() + "}");
  }

  public Script refusingAuth(String message) {
    return refusing("rpc.auth", JsonRpc.UNAUTHENTICATED, message);
  }

  /** Cuts the connection when so many messages came, after they were answered. */
  public Script cutAfter(int messages) {
    return rule(new Rule(said -> true, atLeastOne(messages), play -> play.connection().cutNow()));
  }

  public Script closeAfter(int messages, int code, String reason) {
    return rule(
        new Rule(
            said -> true, atLeastOne(messages), play -> play.connection().closeNow(code, reason)));
  }

  public Script silentAfter(int messages) {
    return rule(
        new Rule(said -> true, atLeastOne(messages), play -> play.connection().goSilentNow()));
  }

  /** Everything is done so much later than it could be, in the same order. */
  public Script delay(Duration by) {
    return new Script(steps, rules, by);
  }

  List<Step> steps() {
    return steps;
  }

  List<Rule> rules() {
    return rules;
  }

  Duration delay() {
    return delay;
  }

  private Script act(String what, Deed deed) {
    return step(new Step.Act(what, deed));
  }

  private Script step(Step next) {
    List<Step> more = new ArrayList<>(steps);
    more.add(next);
    return new Script(more, rules, delay);
  }

  private Script rule(Rule next) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(next);
    return new Script(steps, more, delay);
  }

  private static int atLeastOne(int messages) {
    if (messages < 1) {
      throw new IllegalArgumentException("messages: " + messages + " (expected: >= 1)");
    }
    return messages;
  }
}
