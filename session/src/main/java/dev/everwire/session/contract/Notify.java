package dev.everwire.session.contract;

import dev.everwire.session.Execution;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a {@code void} method a notification: it is sent and nothing comes back, not even that it
 * failed. Takes the place of {@link Rpc}.
 *
 * <p>A proxy returns as soon as it is queued and throws {@link
 * dev.everwire.session.NotSentException} if it was not.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Notify {
  /** The part behind the namespace; the method's own name unless said. */
  String name() default "";

  /** Where its handler runs. */
  Execution execution() default Execution.CONCURRENT;

  /** A proxy sends the parameters as an array, for peers that know no names. */
  boolean positional() default false;
}
