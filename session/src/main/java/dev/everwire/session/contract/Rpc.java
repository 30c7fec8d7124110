package dev.everwire.session.contract;

import dev.everwire.session.Execution;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of an interface callable from the other end, once the interface is exposed there.
 * It is called {@code namespace.method}, see {@link Namespace}.
 *
 * <p>Parameters go by name, and by position where the caller sends an array. One of type {@link
 * dev.everwire.session.Caller} is not sent: the handler gets it, the proxy takes null. An {@link
 * java.util.Optional} or {@code @Nullable} parameter and one with a {@link Default} may be missing.
 * A method that returns a {@link java.util.concurrent.CompletionStage} or {@link
 * java.util.concurrent.CompletableFuture} answers when that completes.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Rpc {
  /** The part behind the namespace; the method's own name unless said. */
  String name() default "";

  /**
   * It does no harm to run it twice: a proxy's calls are sent again after a reconnect when their
   * answer was lost, as with {@link dev.everwire.session.CallOptions#idempotent}.
   */
  boolean idempotent() default false;

  /** Where its handler runs. */
  Execution execution() default Execution.CONCURRENT;

  /** A proxy sends the parameters as an array, for peers that know no names. */
  boolean positional() default false;
}
