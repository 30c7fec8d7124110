package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.lifecycle.Effect;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.internal.lifecycle.Lifecycle;
import dev.everwire.client.internal.lifecycle.State;
import dev.everwire.client.internal.lifecycle.Step;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link Lifecycle} from state to state: one input after the other, each with all its
 * effects. Event loop only.
 */
final class Course {
  private static final Logger LOG = System.getLogger(Course.class.getName());

  /** Carries out what is decided, except for waking up. */
  interface Hands {
    void carryOut(Effect effect, long now);
  }

  private final Lifecycle lifecycle;
  private final Loop loop;
  private final Hands hands;
  private final ArrayDeque<Input> inputs = new ArrayDeque<>();
  private boolean stepping; // an input that comes while one is carried out waits its turn
  private State state = new State.Idle();
  private Loop.@Nullable Timer wake;

  Course(Lifecycle lifecycle, Loop loop, Hands hands) {
    this.lifecycle = lifecycle;
    this.loop = loop;
    this.hands = hands;
  }

  State state() {
    return state;
  }

  void put(Input input) {
    inputs.add(input);
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      for (Input next = inputs.poll(); next != null; next = inputs.poll()) {
        step(next);
      }
    } finally {
      stepping = false;
    }
  }

  private void step(Input input) {
    long now = loop.now();
    Step step = lifecycle.step(state, input, now);
    state = step.next();
    for (Effect effect : step.effects()) {
      try {
        if (effect instanceof Effect.WakeAt(long at)) {
          wakeAt(at, now);
        } else {
          hands.carryOut(effect, now);
        }
      } catch (RuntimeException e) { // the others must be carried out all the same
        LOG.log(Level.ERROR, "not carried out effect=" + effect.getClass().getSimpleName(), e);
      }
    }
  }

  private void wakeAt(long at, long now) {
    sleep();
    try {
      wake = loop.schedule(at - now, () -> put(new Input.Wake()));
    } catch (RejectedExecutionException e) {
      put(new Input.Close("the dialer is closed"));
    }
  }

  /** No {@link Input.Wake} comes any more. */
  void sleep() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
  }
}
