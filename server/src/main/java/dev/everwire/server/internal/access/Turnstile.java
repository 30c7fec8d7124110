package dev.everwire.server.internal.access;

import dev.everwire.protocol.Fault;
import dev.everwire.server.access.AccessRequest;
import dev.everwire.session.internal.Connection;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where what a peer does has to stay in order: it is decided one after the other, and until it is
 * nothing more is read from the peer. What waits came in one batch. Event loop only.
 */
final class Turnstile {
  /** Tells on the loop, once, perhaps at once. */
  interface Deciding {
    void decide(AccessRequest request, Consumer<@Nullable Fault> then);
  }

  private record Waiting(AccessRequest request, long since, Consumer<@Nullable Fault> then) {}

  private final Connection connection;
  private final Deciding deciding;
  private final Fault tooLate;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean undecided; // the one before them
  private boolean running;
  private boolean held;

  /**
   * @param tooLate for what has waited too long for those before it
   */
  Turnstile(Connection connection, Deciding deciding, Fault tooLate) {
    this.connection = connection;
    this.deciding = deciding;
    this.tooLate = tooLate;
  }

  /** Whether nobody has to wait. */
  boolean free() {
    return !undecided && !running;
  }

  void pass(AccessRequest request, Consumer<@Nullable Fault> then) {
    waiting.add(new Waiting(request, connection.loop().now(), then));
    if (free()) {
      run();
    }
  }

  private void run() {
    running = true;
    try {
      while (!undecided && !waiting.isEmpty()) {
        begin(waiting.remove());
      }
    } finally {
      running = false;
    }
    if (held != undecided) {
      held = undecided;
      connection.tenure().hold(held);
    }
  }

  private void begin(Waiting next) {
    if (connection.loop().now() - next.since >= Inquiry.WITHIN.toNanos()) {
      next.then.accept(tooLate);
      return;
    }
    undecided = true;
    deciding.decide(
        next.request,
        answer -> {
          undecided = false;
          try {
            next.then.accept(answer);
          } finally { // those behind must not wait for ever, whatever it throws
            if (free()) {
              run();
            }
          }
        });
  }
}
