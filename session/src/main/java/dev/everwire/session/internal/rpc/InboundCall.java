package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.stream.Ending;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call or notification of the peer's, from its arrival to its answer. Event loop only, except
 * where a method says otherwise.
 */
public final class InboundCall extends Timed {

  /** Takes the answer of a call. */
  public interface Answers {
    void answered(InboundCall call, Message.Response response);

    /**
     * The caller gives a call up, from another connection; nothing unless there can be another.
     * Safe from any thread.
     */
    default void cancelledElsewhere(InboundCall call) {}
  }

  enum State {
    WAITING,
    RUNNING,
    ENDED
  }

  /** Streams among the parameters of one call. */
  public static final int MOST_ARGUMENTS = 64;

  private static final Ending OVER =
      new Ending.Failed(Fault.of(FaultCode.CANCELLED, "the call has ended"));
  private static final int MOST_KEPT = 4096; // bytes of a fault, about
  private static final long NO_DEADLINE = Long.MAX_VALUE;
  private static final long LONGEST_MILLIS = 366L * 24 * 3_600 * 1_000;

  private final @Nullable RequestId id;
  private final String method;
  private final @Nullable RawJson params;
  private final CallMeta meta;
  private final @Nullable BatchAnswer batch;
  private final Answers answers;
  private final @Nullable Outflow result; // if the caller takes items
  private @Nullable Map<Integer, Inflow> arguments; // those that the handler reads
  private @Nullable Map<Integer, Ending> early; // of arguments that it did not read when they ended

  boolean streaming; // its handler has returned a stream
  State state = State.WAITING;
  @Nullable Exposed served; // of an application's method
  @Nullable Turn turn; // of a handler that runs in order, from its start
  private @Nullable Runnable interruption; // while a threaded call runs
  long serial; // which came first
  private long number; // in the session's book, 0 if it stands in none
  long after; // notifications received before it; it starts when as many were handled
  private @Nullable Runnable behind; // once the handler has come back
  private volatile boolean abandoned; // written on the loop, read by the handler

  /**
   * @param id null for a notification
   * @param now nanoseconds of the loop, from when on its {@code timeoutMs} counts
   */
  public InboundCall(
      @Nullable RequestId id, Asked asked, @Nullable BatchAnswer batch, Answers answers, long now) {
    this(id, asked.method(), asked.params(), asked.meta(), batch, answers, now);
  }

  /** As the other without an {@link Asked}, for the many that carry no metadata. */
  public InboundCall(
      @Nullable RequestId id,
      String method,
      @Nullable RawJson params,
      CallMeta meta,
      @Nullable BatchAnswer batch,
      Answers answers,
      long now) {
    super(deadline(meta.timeoutMs(), now));
    this.id = id;
    this.method = method;
    this.params = params;
    this.meta = meta;
    this.batch = batch;
    this.answers = answers;
    this.result = id != null && meta.stream() ? new Outflow(id, 0, meta.credits()) : null;
  }

  private static long deadline(@Nullable Long timeoutMs, long now) {
    return timeoutMs == null ? NO_DEADLINE : now + Math.min(timeoutMs, LONGEST_MILLIS) * 1_000_000;
  }

  // ---- what is asked for; safe from any thread

  public String method() {
    return method;
  }

  /** Without metadata. */
  public @Nullable RawJson params() {
    return params;
  }

  /** Of the parameters, as they came. */
  int bytes() {
    return params == null ? 0 : params.length();
  }

  /** The turn of its handler if that runs in order and has begun; null for all others. */
  public @Nullable Turn turn() {
    return turn;
  }

  /** What travelled beside the parameters, {@link CallMeta#NONE} for most. */
  public CallMeta meta() {
    return meta;
  }

  /** A notification is never answered: {@link #answer} and {@link #refuse} only end it. */
  public boolean notification() {
    return id == null;
  }

  public @Nullable RequestId id() {
    return id;
  }

  public @Nullable BatchAnswer batch() {
    return batch;
  }

  /** Whether the caller said how long it waits; if so it does until {@link #deadline()}. */
  public boolean hasDeadline() {
    return meta.timeoutMs() != null;
  }

  /** Nanoseconds of the loop. */
  public long deadline() {
    return deadline;
  }

  public boolean late(long now) {
    return hasDeadline() && deadline - now <= 0;
  }

  // ---- its end

  public void answer(RawJson result) {
    answers.answered(this, new Message.Success(idOrNull(), result));
  }

  public void refuse(Fault fault) {
    answers.answered(this, new Message.Failure(idOrNull(), fault));
  }

  /** True for the first caller only; everything later, such as a result after a cancel, is void. */
  public boolean end() {
    if (state == State.ENDED) {
      return false;
    }
    state = State.ENDED;
    endStreams(OVER);
    return true;
  }

  // ---- its streams

  /** Takes the items of its result; null if the caller wants a list. */
  public @Nullable Outflow result() {
    return result;
  }

  /** An argument that the handler reads, null if it reads none of this number. */
  public @Nullable Inflow argument(int number) {
    return arguments == null ? null : arguments.get(number);
  }

  /**
   * The handler reads an argument from now on. False if nothing can come: read already, or over.
   */
  public boolean open(int number, Inflow argument) {
    if (ended()) {
      argument.end(OVER);
      return false;
    }
    if (arguments == null) {
      arguments = new HashMap<>();
    }
    if (arguments.size() == MOST_ARGUMENTS || arguments.putIfAbsent(number, argument) != null) {
      argument.end(
          new Ending.Failed(Fault.of(FaultCode.INVALID_REQUEST, "the stream is read already")));
      return false;
    }
    Ending ending = early == null ? null : early.get(number);
    if (ending != null) {
      argument.end(ending);
    }
    return ending == null;
  }

  /**
   * No more items of an argument come; without any, this may be before its handler reads it, or
   * even runs. False if there is no such argument.
   */
  public boolean endArgument(int number, Ending why) {
    Inflow argument = argument(number);
    if (argument != null) {
      argument.end(why);
      return true;
    }
    if (number < 1 || number > MOST_ARGUMENTS) {
      return false;
    }
    if (early == null) {
      early = new HashMap<>(1);
    }
    return early.putIfAbsent(number, small(why)) == null;
  }

  /** What is kept for later must not be large. */
  private static Ending small(Ending why) {
    if (why instanceof Ending.Failed(Fault fault)
        && fault.message().length() + (fault.data() == null ? 0 : fault.data().length())
            > MOST_KEPT) {
      return new Ending.Failed(Fault.of(fault.code(), "the stream failed"));
    }
    return why;
  }

  /** No more items come or go. */
  public void endStreams(Ending why) {
    if (result != null) {
      result.close();
    }
    if (arguments != null) {
      arguments.values().forEach(argument -> argument.end(why));
    }
  }

  public boolean ended() {
    return state == State.ENDED;
  }

  /** It stands in the session's book, under this number. */
  public void enter(long inBook) {
    number = inBook;
  }

  /** Of the session's book, 0 if it stands in none. */
  public long number() {
    return number;
  }

  /** The caller gives it up, on a later connection than it came on. Safe from any thread. */
  public void cancelElsewhere() {
    answers.cancelledElsewhere(this);
  }

  /** Nobody waits for it any more, whatever its handler still does. */
  public void abandon() {
    abandoned = true;
  }

  /** Safe from any thread. */
  public boolean abandoned() {
    return abandoned;
  }

  /** Says how to interrupt the handler that now runs. */
  public void interruption(Runnable how) {
    interruption = how;
  }

  /** Interrupts the handler if it runs. */
  public void interrupt() {
    if (interruption != null) {
      interruption.run();
    }
  }

  /** Says what happens when its handler has come back, behind the answer. Once, by the handler. */
  public void behind(Runnable next) {
    behind = next;
  }

  /** The handler has come back. */
  void returned() {
    if (behind != null) {
      behind.run();
    }
  }

  private RequestId idOrNull() {
    return id == null ? RequestId.NULL : id;
  }
}
