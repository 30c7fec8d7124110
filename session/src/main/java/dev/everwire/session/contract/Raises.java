package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The fault that an exception is on the wire, both ways: a handler that throws it answers the
 * fault, and a proxy that is answered the fault throws it.
 *
 * <p>Stands on the exception's class and holds wherever a method declares it ({@code throws}), or
 * on a method (on an interface: for all of its methods), where {@link #exception} names the class;
 * without one it only says that such a {@link dev.everwire.protocol.FaultException} may come.
 *
 * <p>The exception's own text is not sent. At the proxy it is made by its constructor that takes a
 * {@link dev.everwire.protocol.Fault}, or a {@link String} (the fault's message), or nothing. Where
 * that does not do, {@link dev.everwire.session.Errors} says how.
 */
@Documented
@Repeatable(Raises.List.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Raises {
  /** Outside −32768…−32000, or one of {@link dev.everwire.protocol.FaultCode}. */
  int code();

  /** What the fault says; unless said, the exception's simple name. */
  String message() default "";

  /** On a method or an interface: the exception that is meant. */
  Class<? extends Throwable> exception() default Throwable.class;

  /** Holds several. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.TYPE, ElementType.METHOD})
  @interface List {
    Raises[] value();
  }
}
