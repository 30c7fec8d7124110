package dev.everwire.config.internal.catalogue;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A public record: its parts, and how it is put together from them. Immutable. */
final class Shape {
  private final Class<?> type;
  private final List<RecordComponent> components;
  private final Constructor<?> constructor;

  private Shape(Class<?> type, List<RecordComponent> components, Constructor<?> constructor) {
    this.type = type;
    this.components = components;
    this.constructor = constructor;
  }

  static Shape of(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalStateException(type.getName() + " (expected: a record)");
    }
    List<RecordComponent> components = List.of(type.getRecordComponents());
    Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return new Shape(type, components, type.getConstructor(types));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type.getName() + " (expected: a public record)", e);
    }
  }

  boolean isOf(Object value) {
    return type.isInstance(value);
  }

  List<RecordComponent> components() {
    return components;
  }

  @Nullable Object get(Object record, String name) {
    RecordComponent found =
        components.stream()
            .filter(component -> component.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return get(record, found);
  }

  @Nullable Object get(Object record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(type.getName() + "." + component.getName(), e);
    }
  }

  /**
   * @throws IllegalArgumentException if the record refuses them
   */
  Object make(List<@Nullable Object> values) {
    try {
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName(), e);
    }
  }

  @Override
  public String toString() {
    return type.getSimpleName() + Arrays.toString(components.toArray());
  }
}
