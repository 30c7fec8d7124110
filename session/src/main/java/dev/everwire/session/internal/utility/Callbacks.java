package dev.everwire.session.internal.utility;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.ConnectionLostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls that peers asked for, to be made back to them, until their answers are fetched: once, and
 * within a minute. For each session at most 100 that began within that minute, fetched or not, and
 * 1 MiB of answers. Safe from any thread.
 */
final class Callbacks {
  static final Duration KEPT = Duration.ofSeconds(60);

  /** Shorter than they are kept, so that the end of the call is what is fetched. */
  static final Duration DEADLINE = Duration.ofSeconds(50);

  static final int MOST = 100;
  static final int MOST_BYTES = 1024 * 1024;

  private final Executor afterwards;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Session> sessions = new HashMap<>(); // guarded by lock
  private long count; // guarded by lock

  /**
   * @param afterwards runs what it is given when {@link #KEPT} has passed
   */
  Callbacks(Executor afterwards) {
    this.afterwards = afterwards;
  }

  /**
   * Calls the caller back, without waiting.
   *
   * @return what to fetch the answer by
   * @throws FaultException if too many were begun
   */
  String begin(Caller caller, String method, @Nullable RawJson params) {
    String session = caller.sessionId();
    CompletableFuture<RawJson> answer = new CompletableFuture<>();
    String id = keep(session, answer);
    CompletableFuture<@Nullable Object> call;
    try {
      call = caller.peer().callAsync(method, params, RawJson.class, CallOptions.within(DEADLINE));
    } catch (Throwable e) {
      expire(session, id); // nothing was begun
      throw e;
    }
    afterwards.execute(() -> expire(session, id));
    var unused = call.whenComplete((value, failure) -> settle(session, id, answer, value, failure));
    return id;
  }

  private String keep(String session, CompletableFuture<RawJson> answer) {
    lock.lock();
    try {
      Session kept = sessions.computeIfAbsent(session, name -> new Session());
      if (kept.begun == MOST) {
        throw new FaultException(
            Fault.of(FaultCode.OVERLOADED, "too many calls back").retryAfterMillis(1_000));
      }
      kept.begun++;
      count++;
      String id = "b" + count; // never given again, or a late forgetting would hit another
      kept.answers.put(id, answer);
      return id;
    } finally {
      lock.unlock();
    }
  }

  /** Completes the answer in any case: somebody may wait for one that is no longer kept. */
  private void settle(
      String session,
      String id,
      CompletableFuture<RawJson> answer,
      @Nullable Object value,
      @Nullable Throwable failure) {
    RawJson result = value instanceof RawJson json ? json : RawJson.NULL;
    lock.lock();
    try {
      Session kept = sessions.get(session);
      // Nothing but threads that wait for the answer hangs on it.
      if (kept == null || !kept.answers.containsKey(id)) {
        answer.completeExceptionally(unknown());
      } else if (failure != null) {
        answer.completeExceptionally(failure);
      } else if (kept.bytes + result.length() > MOST_BYTES) {
        answer.completeExceptionally(
            new FaultException(FaultCode.TOO_LARGE, "the answer is too large to be kept"));
      } else {
        kept.bytes += result.length();
        answer.complete(result);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The answer, or what the call failed with; waits until it is there. It can be fetched once.
   *
   * @throws FaultException of the call; or −32004 if there is no such call
   */
  RawJson fetch(Caller caller, String id) throws InterruptedException {
    CompletableFuture<RawJson> answer = find(caller.sessionId(), id);
    if (answer == null) {
      throw unknown();
    }
    try {
      RawJson fetched = answer.get();
      if (!forget(caller.sessionId(), id)) {
        throw unknown(); // somebody else fetched it meanwhile
      }
      return fetched;
    } catch (ExecutionException e) {
      forget(caller.sessionId(), id);
      throw failed(e.getCause());
    }
  }

  private @Nullable CompletableFuture<RawJson> find(String session, String id) {
    lock.lock();
    try {
      Session kept = sessions.get(session);
      return kept == null ? null : kept.answers.get(id);
    } finally {
      lock.unlock();
    }
  }

  /** False if it was forgotten before. */
  private boolean forget(String session, String id) {
    lock.lock();
    try {
      Session kept = sessions.get(session);
      CompletableFuture<RawJson> gone = kept == null ? null : kept.answers.remove(id);
      if (kept == null || gone == null) {
        return false;
      }
      if (gone.isDone() && !gone.isCompletedExceptionally()) {
        kept.bytes -= gone.join().length();
      }
      gone.completeExceptionally(unknown()); // whoever still waits for it
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Its place is free again only now, so that the timers are bounded too. */
  private void expire(String session, String id) {
    lock.lock();
    try {
      forget(session, id);
      Session kept = sessions.get(session);
      if (kept != null && --kept.begun == 0) {
        sessions.remove(session);
      }
    } finally {
      lock.unlock();
    }
  }

  private static FaultException unknown() {
    return new FaultException(FaultCode.NOT_FOUND, "no call back of that id");
  }

  private static FaultException failed(@Nullable Throwable cause) {
    Throwable inner =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    return switch (inner) {
      case ConnectionLostException lost ->
          new FaultException(FaultCode.CONNECTION_LOST, "the call back lost its connection");
      case FaultException fault -> new FaultException(fault.fault()); // here it is said on purpose
      case null, default -> new FaultException(FaultCode.INTERNAL, "the call back failed");
    };
  }

  private static final class Session {
    final Map<String, CompletableFuture<RawJson>> answers = new HashMap<>();
    int bytes; // of the answers
    int begun; // within KEPT, whether fetched or not
  }
}
