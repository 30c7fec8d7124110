package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a handler gets for a parameter that was not sent, or sent as {@code null}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Default {
  /** As JSON: {@code "10"}, {@code "\"eur\""}, {@code "[]"}. */
  String value();
}
