package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Exposed;
import org.jspecify.annotations.Nullable;

/** A call or notification of the peer's, from its arrival to its answer. Event loop only. */
public final class InboundCall {

  /** Takes the answer of a call. */
  public interface Answers {
    void answered(InboundCall call, Message.Response response);
  }

  enum State {
    WAITING,
    RUNNING,
    ENDED
  }

  private final @Nullable RequestId id;
  private final String method;
  private final @Nullable RawJson params;
  private final @Nullable BatchAnswer batch;
  private final Answers answers;

  State state = State.WAITING;
  @Nullable Exposed served; // of an application's method
  private @Nullable Runnable interruption; // while a threaded call runs
  long after; // notifications received before it; it starts when as many were handled

  public InboundCall(
      @Nullable RequestId id,
      String method,
      @Nullable RawJson params,
      @Nullable BatchAnswer batch,
      Answers answers) {
    this.id = id;
    this.method = method;
    this.params = params;
    this.batch = batch;
    this.answers = answers;
  }

  public String method() {
    return method;
  }

  public @Nullable RawJson params() {
    return params;
  }

  /** A notification is never answered: {@link #answer} and {@link #refuse} only end it. */
  public boolean notification() {
    return id == null;
  }

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
    return true;
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

  public boolean ended() {
    return state == State.ENDED;
  }

  public @Nullable BatchAnswer batch() {
    return batch;
  }

  public @Nullable RequestId id() {
    return id;
  }

  private RequestId idOrNull() {
    return id == null ? RequestId.NULL : id;
  }
}
