package dev.everwire.client.internal.lifecycle;

import java.util.List;

/** The answer of {@link Lifecycle#step}. */
public record Step(State next, List<Effect> effects) {
  public Step {
    effects = List.copyOf(effects);
  }

  static Step to(State next, Effect... effects) {
    return new Step(next, List.of(effects));
  }
}
