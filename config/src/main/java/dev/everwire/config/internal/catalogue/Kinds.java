package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Durations;
import dev.everwire.config.internal.text.Sizes;
import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Secret;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the kind of a record's component. */
final class Kinds {
  private Kinds() {}

  static Kind of(RecordComponent component) {
    if (component.getType() != List.class) {
      return of(component.getType(), component);
    }
    Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    return new Many(of((Class<?>) element, component));
  }

  private static Kind of(Class<?> type, AnnotatedElement said) {
    boolean bytes = said.isAnnotationPresent(Bytes.class);
    Form form = said.getAnnotation(Form.class);
    if (type == boolean.class || type == Boolean.class) {
      return new Texts.Flag();
    }
    if (bytes) {
      Function<String, Long> size = text -> Sizes.parse(text).orElseThrow();
      return new Numbers.Size(type == int.class, least(said, size), greatest(said, size));
    }
    if (type == int.class || type == Integer.class) {
      return new Numbers.Int(least(said, Integer::valueOf), greatest(said, Integer::valueOf));
    }
    if (type == long.class || type == Long.class) {
      return new Numbers.Whole(least(said, Long::valueOf), greatest(said, Long::valueOf));
    }
    if (type == double.class || type == Double.class) {
      return new Numbers.Decimal(least(said, Double::valueOf), greatest(said, Double::valueOf));
    }
    if (type == Duration.class) {
      Function<String, Duration> time = text -> Durations.parse(text).orElseThrow();
      return new Numbers.Time(least(said, time), greatest(said, time));
    }
    if (type == String.class) {
      return new Texts.Text(form);
    }
    if (type == Path.class) {
      return new Texts.File();
    }
    if (type == URI.class) {
      return new Texts.Address(form);
    }
    if (type == Instant.class) {
      return new Texts.Moment();
    }
    if (type == Secret.class) {
      return new Hidden();
    }
    if (type.isEnum()) {
      return new Texts.Words(type);
    }
    return new Element(type);
  }

  /** What {@code none} stands for where it is no bound. */
  static Object greatest(Class<?> type) {
    if (type == int.class) {
      return Integer.MAX_VALUE;
    }
    return type == long.class ? (Object) Long.MAX_VALUE : (Object) Double.POSITIVE_INFINITY;
  }

  private static <T> @Nullable T least(AnnotatedElement said, Function<String, T> parse) {
    Range range = said.getAnnotation(Range.class);
    return range == null || range.min().isEmpty() ? null : parse.apply(range.min());
  }

  private static <T> @Nullable T greatest(AnnotatedElement said, Function<String, T> parse) {
    Range range = said.getAnnotation(Range.class);
    return range == null || range.max().isEmpty() ? null : parse.apply(range.max());
  }
}
