package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Whom a method is for, where a server serves it: those who have one of the roles and all of the
 * permissions; without either, everybody who has shown who they are. Others are answered −32003.
 *
 * <p>Stands on a contract's method or on the whole contract, or on the class that implements it and
 * the methods there; on a type it is about all methods that the type has. Wherever it stands it
 * holds: what an interface demands no implementation takes back, and neither does a class that
 * overrides another's method.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Restricted {
  /** One of which is needed; none if there are none. */
  String[] roles() default {};

  /** All of which are needed. */
  String[] permissions() default {};
}
