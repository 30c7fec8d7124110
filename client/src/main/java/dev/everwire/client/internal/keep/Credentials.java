package dev.everwire.client.internal.keep;

import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the user's token supplier, away from the loop, one question at a time: a supplier that does
 * not come back is interrupted, and not asked again before it does. Event loop only.
 */
final class Credentials {
  private static final int LONGEST_TOKEN = 64 * 1024;

  private final @Nullable TokenSupplier supplier;
  private final TokenPlace place;
  private final Executor workers;
  private final Loop loop;
  private @Nullable Question last;

  Credentials(Terms terms) {
    this.supplier = terms.tokens();
    this.place = terms.tokenPlace();
    this.workers = terms.workers();
    this.loop = terms.dialer().loop();
  }

  /** One of both is called, on the loop, unless {@link #forget} or another fetch comes first. */
  void fetch(boolean renew, Consumer<String> ready, Consumer<String> failed) {
    TokenSupplier from = supplier;
    if (from == null) {
      throw new IllegalStateException("no token supplier");
    }
    forget();
    Question former = last;
    if (former != null && !former.over()) {
      loop.execute(() -> failed.accept("the supplier has not answered when it was asked before"));
      return;
    }
    Question question = new Question(from, renew, ready, failed);
    last = question;
    try {
      workers.execute(question);
    } catch (RuntimeException e) { // the user's executor
      question.forget();
      loop.execute(() -> failed.accept("the workers are shut down"));
    }
  }

  /** The answer is not waited for any more. */
  void forget() {
    Question asked = last;
    if (asked != null) {
      asked.forget();
    }
  }

  /** A token where it is kept, or why there is none. */
  private record Answer(@Nullable String token, String why) {}

  private final class Question implements Runnable {
    private final TokenSupplier from;
    private final boolean renew;
    private final Consumer<String> ready;
    private final Consumer<String> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean begun; // guarded by lock
    private boolean over; // guarded by lock
    private boolean forgotten; // guarded by lock
    private @Nullable Thread asking; // guarded by lock, while the supplier has it

    Question(TokenSupplier from, boolean renew, Consumer<String> ready, Consumer<String> failed) {
      this.from = from;
      this.renew = renew;
      this.ready = ready;
      this.failed = failed;
    }

    /** Whether the supplier is not, and will not be, at work for this. */
    boolean over() {
      lock.lock();
      try {
        return over || (forgotten && !begun);
      } finally {
        lock.unlock();
      }
    }

    void forget() {
      lock.lock();
      try {
        forgotten = true;
        if (asking != null) {
          asking.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      Answer answer;
      try {
        answer = ask();
      } finally {
        end();
      }
      try {
        loop.execute(() -> hear(answer));
      } catch (RejectedExecutionException e) {
        // the loop has ended, and everything with it
      }
    }

    private boolean begin() {
      lock.lock();
      try {
        begun = !forgotten;
        asking = begun ? Thread.currentThread() : null;
        return begun;
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      lock.lock();
      try {
        over = true;
        asking = null;
        if (forgotten) {
          Thread.interrupted(); // was meant for the supplier, not for who uses this thread next
        }
      } finally {
        lock.unlock();
      }
    }

    private Answer ask() {
      try {
        String token = from.token(renew);
        return usable(token)
            ? new Answer(token, "")
            : new Answer(null, "the supplier gave none, or one that does not fit where it is put");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Answer(null, "the supplier was interrupted");
      } catch (Exception | Error e) { // the user's own code must not strand the client
        return new Answer(null, Words.brief(String.valueOf(e)));
      }
    }

    private void hear(Answer answer) {
      if (!heard()) {
        return;
      }
      if (answer.token() == null) {
        failed.accept(answer.why());
      } else {
        ready.accept(answer.token());
      }
    }

    /** Whether anybody still wants to hear the answer; nobody wants to twice. */
    private boolean heard() {
      lock.lock();
      try {
        boolean wanted = !forgotten;
        forgotten = true;
        return wanted;
      } finally {
        lock.unlock();
      }
    }
  }

  /** In a header, visible characters only (RFC 9110 section 5.5). */
  private boolean usable(@Nullable String token) {
    return token != null
        && !token.isEmpty()
        && token.length() <= LONGEST_TOKEN
        && (place != TokenPlace.HEADER || token.chars().allMatch(c -> c > ' ' && c < 0x7f));
  }
}
