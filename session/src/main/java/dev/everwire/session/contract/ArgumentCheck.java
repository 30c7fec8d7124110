package dev.everwire.session.contract;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the arguments of a contract's methods after they were bound and before the method runs.
 * Found by {@link java.util.ServiceLoader}, once in the life of the program. Safe from any thread.
 */
public interface ArgumentCheck {

  /**
   * Called once for each method that is exposed.
   *
   * @param method as the interface declares it
   * @return null if there is nothing to check
   */
  @Nullable Prepared prepare(Method method, Object implementation);

  /** The check of one method. */
  @FunctionalInterface
  interface Prepared {

    /**
     * Called before each call, where its handler runs.
     *
     * @param arguments those of the Java method; not to be changed
     * @return what is wrong, empty if nothing is; answered with −32602
     */
    List<Violation> check(@Nullable Object[] arguments);
  }

  /**
   * One thing that is wrong.
   *
   * @param argument which of the Java method's arguments it is in
   * @param path where inside of it, as {@code lines[2].sku}; empty for the argument itself
   * @param message sent to the peer as it is
   */
  record Violation(int argument, String path, String message) {}
}
