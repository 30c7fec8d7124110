package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the names of an interface's methods begin with. Without it that is the interface's simple
 * name with a small first letter: {@code place} of {@code Orders} is {@code orders.place}. Methods
 * that are inherited get the namespace of the interface that is exposed.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Namespace {
  /** Without the dot; empty for names that stand alone. */
  String value();
}
