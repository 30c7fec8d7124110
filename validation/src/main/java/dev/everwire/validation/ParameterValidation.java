package dev.everwire.validation;

import dev.everwire.session.contract.ArgumentCheck;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Checks the constraints that stand on a contract's parameters, such as {@code @NotBlank} or
 * {@code @Valid}, by the program's own {@code jakarta.validation} provider. Where there is no such
 * library, or no provider of it, nothing is checked; a provider that cannot start makes {@code
 * expose} fail, since nothing would be checked by it either. Safe from any thread.
 */
public final class ParameterValidation implements ArgumentCheck {
  private final @Nullable ArgumentCheck constraints;
  private final @Nullable RuntimeException broken;

  /** For {@link java.util.ServiceLoader}. */
  public ParameterValidation() {
    ArgumentCheck opened = null;
    RuntimeException failed = null;
    try {
      opened = Constraints.open();
    } catch (NoClassDefFoundError e) { // the library is not there
      System.getLogger(ParameterValidation.class.getName())
          .log(Level.DEBUG, "parameters are not checked: no jakarta.validation", e);
    } catch (RuntimeException e) { // said to whoever exposes something, and not to a loader
      failed = e;
    }
    constraints = opened;
    broken = failed;
  }

  @Override
  public @Nullable Prepared prepare(Method method, Object implementation) {
    if (broken != null) {
      throw new IllegalStateException(
          "jakarta.validation cannot start: " + broken.getMessage(), broken);
    }
    return constraints == null ? null : constraints.prepare(method, implementation);
  }
}
