package dev.everwire.session.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One call and its answer, for the document that {@code rpc.discover} answers. */
@Documented
@Repeatable(Example.List.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Example {
  String name() default "";

  /** A JSON array or object; empty for none. */
  String params() default "";

  /** JSON; empty if the answer is not shown. */
  String result() default "";

  /** Holds several. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface List {
    Example[] value();
  }
}
