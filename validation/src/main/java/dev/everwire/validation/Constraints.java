package dev.everwire.validation;

import dev.everwire.session.contract.ArgumentCheck;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.NoProviderFoundException;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.executable.ExecutableValidator;
import jakarta.validation.metadata.MethodDescriptor;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The only class that knows the library, so that the others can be loaded without it. */
final class Constraints implements ArgumentCheck {
  private static final Comparator<Violation> IN_ORDER =
      Comparator.comparingInt(Violation::argument)
          .thenComparing(Violation::path)
          .thenComparing(Violation::message);

  private final Validator validator;

  private Constraints(Validator validator) {
    this.validator = validator;
  }

  /** Null if the library has no provider. */
  static @Nullable Constraints open() {
    try {
      return new Constraints(Validation.buildDefaultValidatorFactory().getValidator());
    } catch (NoProviderFoundException e) {
      System.getLogger(ParameterValidation.class.getName())
          .log(Level.INFO, "parameters are not checked: jakarta.validation has no provider here");
      return null;
    }
  }

  @Override
  public @Nullable Prepared prepare(Method method, Object implementation) {
    Method body = body(method, implementation.getClass());
    MethodDescriptor described =
        validator
            .getConstraintsForClass(implementation.getClass())
            .getConstraintsForMethod(body.getName(), body.getParameterTypes());
    if (described == null || !constrained(described)) {
      return null;
    }
    ExecutableValidator executables = validator.forExecutables();
    return arguments -> violations(executables.validateParameters(implementation, body, arguments));
  }

  /** Also by what stands inside of a parameter's type, as in {@code List<@Valid Line>}. */
  private static boolean constrained(MethodDescriptor described) {
    return described.hasConstrainedParameters()
        || described.getParameterDescriptors().stream()
            .anyMatch(parameter -> !parameter.getConstrainedContainerElementTypes().isEmpty());
  }

  /**
   * The method that will run: of {@code find(K key)} the {@code find(String key)} that it is, whose
   * constraints the library finds by its exact types.
   */
  private static Method body(Method method, Class<?> type) {
    List<Method> candidates =
        Arrays.stream(type.getMethods())
            .filter(each -> !each.isBridge() && overrides(each, method))
            .toList();
    return candidates.size() == 1 ? candidates.getFirst() : method;
  }

  private static boolean overrides(Method each, Method method) {
    if (!each.getName().equals(method.getName())
        || each.getParameterCount() != method.getParameterCount()) {
      return false;
    }
    Class<?>[] narrow = each.getParameterTypes();
    Class<?>[] wide = method.getParameterTypes();
    for (int i = 0; i < wide.length; i++) {
      if (!wide[i].isAssignableFrom(narrow[i])) {
        return false;
      }
    }
    return true;
  }

  private static List<Violation> violations(Set<? extends ConstraintViolation<?>> found) {
    return found.stream().map(Constraints::violation).sorted(IN_ORDER).toList();
  }

  private static Violation violation(ConstraintViolation<?> found) {
    int argument = -1;
    StringBuilder path = new StringBuilder();
    for (Path.Node node : found.getPropertyPath()) {
      ElementKind kind = node.getKind();
      if (kind == ElementKind.PARAMETER) {
        argument = node.as(Path.ParameterNode.class).getParameterIndex();
      } else if (kind == ElementKind.PROPERTY || kind == ElementKind.CONTAINER_ELEMENT) {
        append(path, node, kind);
      }
    }
    return new Violation(argument, path.toString(), found.getMessage());
  }

  /** Keys of maps are the caller's text and left out. */
  private static void append(StringBuilder path, Path.Node node, ElementKind kind) {
    if (node.isInIterable()) {
      path.append('[').append(node.getIndex() == null ? "" : node.getIndex()).append(']');
    }
    if (kind == ElementKind.PROPERTY) {
      path.append(path.isEmpty() ? "" : ".").append(node.getName());
    }
  }
}
