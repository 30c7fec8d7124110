package dev.everwire.testkit.mock;

import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.mock.Script.Rule;
import dev.everwire.testkit.mock.Script.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A {@link Script} as it is had on one connection. The loop only, unless said otherwise. */
final class Play {
  private final Script script;
  private final MockConnection connection;
  private final Loop loop;
  private final ArrayDeque<Heard> backlog = new ArrayDeque<>(); // while pausing
  private final ArrayDeque<Runnable> delayed = new ArrayDeque<>();
  private @Nullable Heard said;
  private boolean pausing = true; // until it begins
  private int messages;
  private final AtomicInteger turn = new AtomicInteger(); // moved on the loop, read by anybody

  Play(Script script, MockConnection connection, Loop loop) {
    this.script = script;
    this.connection = connection;
    this.loop = loop;
  }

  MockConnection connection() {
    return connection;
  }

  /** The message that was last taken. */
  Heard said() {
    if (said == null) {
      throw new IllegalStateException("say: made from a message (expected: one before it)");
    }
    return said;
  }

  /** Does what comes before the first expectation. */
  void begin() {
    goOn();
  }

  void hear(Heard message) {
    if (pausing) {
      backlog.add(message);
    } else {
      take(message);
    }
  }

  /** What is still expected or to be done. From any thread. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    for (Step step : script.steps().subList(turn.get(), script.steps().size())) {
      left.add(
          switch (step) {
            case Step.Expect(String what, var fits) -> "expect " + what;
            case Step.Pause(Duration time) -> "pause " + time;
            case Step.Act(String what, var deed) -> what;
          });
    }
    return left;
  }

  private void take(Heard message) {
    messages++;
    int number = messages;
    if (nextStep() instanceof Step.Expect(var what, var fits) && fits.test(message)) {
      said = message;
      turn.incrementAndGet();
      if (script.delay().isZero()) {
        go();
      } else {
        pause(script.delay());
      }
    } else if (!standing(message)) {
      connection.leave(message);
    }
    for (Rule rule : script.rules()) {
      if (rule.onlyAfter() == number) {
        later(() -> rule.deed().on(this));
      }
    }
  }

  private boolean standing(Heard message) {
    for (Rule rule : script.rules()) {
      if (rule.onlyAfter() == 0 && rule.fits().test(message)) {
        later(() -> {
          said = message;
          rule.deed().on(this);
        });
        return true;
      }
    }
    return false;
  }

  private void go() {
    for (Step step = nextStep(); step != null; step = nextStep()) {
      switch (step) {
        case Step.Expect expect -> {
          return;
        }
        case Step.Pause(Duration time) -> {
          turn.incrementAndGet();
          pause(time);
          return;
        }
        case Step.Act(var what, var deed) -> {
          turn.incrementAndGet();
          deed.on(this);
        }
      }
    }
  }

  private void pause(Duration time) {
    pausing = true;
    schedule(time, this::goOn);
  }

  private void goOn() {
    pausing = false;
    go();
    while (!pausing && !backlog.isEmpty()) {
      take(backlog.remove());
    }
  }

  private void later(Runnable deed) {
    if (script.delay().isZero() && delayed.isEmpty()) {
      deed.run();
    } else {
      delayed.add(deed);
      schedule(
          script.delay(),
          () -> {
            Runnable first = delayed.peek();
            if (first != null) {
              first.run();
              delayed.remove();
            }
          });
    }
  }

  private void schedule(Duration delay, Runnable task) {
    try {
      Loop.Timer unused = loop.schedule(delay.toNanos(), () -> connection.guarded(task));
    } catch (RejectedExecutionException e) {
      // the server has been closed
    }
  }

  private @Nullable Step nextStep() {
    int next = turn.get();
    return next < script.steps().size() ? script.steps().get(next) : null;
  }
}
