package dev.everwire.session.internal.contract;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the type variables of an interface's super-interfaces stand for: in {@code Orders extends
 * Crud<Order>}, {@code List<T>} of {@code Crud<T>} is {@code List<Order>}. Immutable.
 */
final class Types {
  private final Map<TypeVariable<?>, Type> bound = new HashMap<>(); // not changed any more

  Types(Class<?> root) {
    learn(root);
  }

  private void learn(Class<?> type) {
    for (Type above : type.getGenericInterfaces()) {
      if (above instanceof ParameterizedType generic) {
        Class<?> raw = (Class<?>) generic.getRawType();
        TypeVariable<?>[] variables = raw.getTypeParameters();
        Type[] arguments = generic.getActualTypeArguments();
        for (int i = 0; i < variables.length; i++) {
          bound.put(variables[i], resolve(arguments[i]));
        }
        learn(raw);
      } else {
        learn((Class<?>) above);
      }
    }
  }

  /**
   * The type with everything known put in.
   *
   * @throws IllegalArgumentException if something in it is not known
   */
  Type resolve(Type type) {
    return switch (type) {
      case TypeVariable<?> variable -> {
        Type known = bound.get(variable);
        if (known == null) {
          throw new IllegalArgumentException(
              variable.getName() + " (expected: a type that is known here)");
        }
        yield known;
      }
      case ParameterizedType generic ->
          new Generic(
              (Class<?>) generic.getRawType(),
              Arrays.stream(generic.getActualTypeArguments()).map(this::resolve).toList(),
              generic.getOwnerType());
      case GenericArrayType array -> {
        Type component = resolve(array.getGenericComponentType());
        yield component instanceof Class<?> plain
            ? Array.newInstance(plain, 0).getClass()
            : new Generic.OfArray(component);
      }
      case WildcardType wildcard -> resolve(wildcard.getUpperBounds()[0]);
      default -> type;
    };
  }

  /** The class that a value of the type has, or extends. */
  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      case GenericArrayType array ->
          Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
      default -> Object.class;
    };
  }

  /** What stands between the angle brackets; Object where nothing does. */
  static Type argument(Type type) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[0]
        : Object.class;
  }

  /** The type as a developer writes it, without packages. */
  static String text(Type type) {
    return switch (type) {
      case Class<?> plain -> plain.getSimpleName();
      case ParameterizedType generic ->
          raw(generic).getSimpleName()
              + Arrays.stream(generic.getActualTypeArguments())
                  .map(Types::text)
                  .collect(Collectors.joining(", ", "<", ">"));
      case GenericArrayType array -> text(array.getGenericComponentType()) + "[]";
      default -> type.getTypeName();
    };
  }

  /** A generic type with everything known. */
  private record Generic(Class<?> raw, List<Type> arguments, @Nullable Type owner)
      implements ParameterizedType {

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    @SuppressWarnings("NullAway") // null is what the JDK says of a type that is not nested
    public Type getOwnerType() {
      return owner;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ParameterizedType that
          && raw.equals(that.getRawType())
          && Objects.equals(owner, that.getOwnerType())
          && Arrays.equals(getActualTypeArguments(), that.getActualTypeArguments());
    }

    @Override
    public int hashCode() { // as the JDK's
      return Arrays.hashCode(getActualTypeArguments()) ^ Objects.hashCode(owner) ^ raw.hashCode();
    }

    @Override
    public String toString() {
      return raw.getName()
          + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
    }

    /** An array of such. */
    private record OfArray(Type component) implements GenericArrayType {
      @Override
      public Type getGenericComponentType() {
        return component;
      }

      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof GenericArrayType that
            && component.equals(that.getGenericComponentType());
      }

      @Override
      public int hashCode() {
        return component.hashCode();
      }

      @Override
      public String toString() {
        return component.getTypeName() + "[]";
      }
    }
  }
}
