package dev.everwire.config.word;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a text, or each of a list of texts, looks like. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Form {
  /** Matches all of it. */
  String pattern();

  /** The same for people: {@code (expected: …)}. */
  String expected();
}
