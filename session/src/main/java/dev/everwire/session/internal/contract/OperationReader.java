package dev.everwire.session.internal.contract;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Caller;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Signature;
import dev.everwire.session.contract.Default;
import dev.everwire.session.contract.Doc;
import dev.everwire.session.contract.Example;
import dev.everwire.session.contract.Flat;
import dev.everwire.session.contract.Param;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what one method takes and answers. */
final class OperationReader {
  private final Class<?> root;
  private final Types types;
  private final ContractReader.Marked marked;
  private final Method method;
  private final List<Integer> callers = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();
  private final Signature.Builder signature;
  private boolean flat;

  OperationReader(Class<?> root, Types types, ContractReader.Marked marked, String name) {
    this.root = root;
    this.types = types;
    this.marked = marked;
    this.method = marked.method();
    this.signature = Signature.named(name);
  }

  Operation read() {
    if (method.getTypeParameters().length > 0) {
      throw new IllegalArgumentException("has type parameters (expected: known types)");
    }
    Parameter[] parameters = method.getParameters();
    for (int place = 0; place < parameters.length; place++) {
      readParameter(place, parameters[place]);
    }
    if (flat && inputs.size() != 1) {
      throw new IllegalArgumentException("has a @Flat parameter (expected: no other beside it)");
    }
    Output output = output();
    Subscription subscription = method.getAnnotation(Subscription.class);
    if (subscription != null) {
      check(subscription, output);
    }
    Raised raised = new Raised(method, root);
    raised.failures().forEach(signature::error);
    Signature described = describe(output);
    return new Operation(
        method,
        described.name(),
        marked.notification(),
        marked.idempotent(),
        marked.execution(),
        marked.positional(),
        parameters.length,
        List.copyOf(callers),
        List.copyOf(inputs),
        flat,
        output,
        raised.errors(),
        described);
  }

  // ---- parameters

  private void readParameter(int place, Parameter parameter) {
    if (parameter.getType() == Caller.class) {
      callers.add(place);
      return;
    }
    String name = name(place, parameter);
    Type given = types.resolve(parameter.getParameterizedType());
    boolean optional = Types.raw(given) == Optional.class;
    boolean stream = Types.raw(given) == ItemStream.class;
    Type type = optional || stream ? Types.argument(given) : given;
    RawJson absent = absent(name, parameter);
    boolean required =
        absent == null && !optional && !nullable(parameter, parameter.getAnnotatedType());
    if (absent == null && !required && Types.raw(given).isPrimitive()) {
      throw new IllegalArgumentException(
          name + " is a nullable " + Types.text(given) + " (expected: a type that has null)");
    }
    if (stream) {
      streaming(name + " is a stream");
    }
    if (parameter.isAnnotationPresent(Flat.class)) {
      flat = true;
      describeFlat(name, type, required);
    } else {
      signature.parameter(
          new Signature.Parameter(name, type, required, stream, absent, doc(parameter)));
    }
    inputs.add(new Input(place, name, type, optional, stream, required, absent));
  }

  /** Streams are open as long as a call, and their items are waited for. */
  private void streaming(String what) {
    if (marked.notification() || marked.execution() == Execution.NON_BLOCKING) {
      throw new IllegalArgumentException(
          what + " (expected: none in a notification or a non-blocking method)");
    }
  }

  private static void check(Subscription subscription, Output output) {
    if (!output.stream()) {
      throw new IllegalArgumentException(
          "is marked @Subscription and returns "
              + Types.text(output.type())
              + " (expected: an ItemStream)");
    }
    for (String said : List.of(subscription.unsubscribe(), subscription.notification())) {
      Exposed.of(said, call -> null, Execution.CONCURRENT); // refuses what no method may be called
    }
  }

  private static String name(int place, Parameter parameter) {
    Param said = parameter.getAnnotation(Param.class);
    if (said != null) {
      return said.value();
    }
    if (!parameter.isNamePresent()) {
      throw new IllegalArgumentException(
          "the name of parameter "
              + (place + 1)
              + " is not known (expected: compiled with -parameters, or @Param)");
    }
    return parameter.getName();
  }

  private static @Nullable RawJson absent(String name, Parameter parameter) {
    Default said = parameter.getAnnotation(Default.class);
    if (said == null) {
      return null;
    }
    RawJson json = json("@Default of " + name, said.value());
    return json.isNull() ? null : json;
  }

  /** The members of the record are the parameters. */
  private void describeFlat(String name, Type type, boolean required) {
    Class<?> shape = Types.raw(type);
    if (!shape.isRecord() || !required) {
      throw new IllegalArgumentException(
          name + " is @Flat (expected: a record that has to be there)");
    }
    for (RecordComponent component : shape.getRecordComponents()) {
      Type inner = component.getGenericType();
      boolean optional = component.getType() == Optional.class;
      signature.parameter(
          new Signature.Parameter(
              component.getName(),
              optional ? Types.argument(inner) : inner,
              !optional && !nullable(component, component.getAnnotatedType()),
              false,
              null,
              doc(component)));
    }
  }

  // ---- the result

  private Output output() {
    Type returned = types.resolve(method.getGenericReturnType());
    Class<?> raw = Types.raw(returned);
    boolean later = raw == CompletionStage.class || raw == CompletableFuture.class;
    if (marked.notification() && raw != void.class) {
      throw new IllegalArgumentException(
          "is marked @Notify and returns " + Types.text(returned) + " (expected: void)");
    }
    if (later && marked.execution() == Execution.NON_BLOCKING) {
      throw new IllegalArgumentException(
          "is non-blocking and returns a " + raw.getSimpleName() + " (expected: the value itself)");
    }
    if (raw == ItemStream.class) {
      streaming("returns a stream");
      return new Output(Types.argument(returned), false, false, true);
    }
    Type value = later ? Types.argument(returned) : returned;
    if (later && Types.raw(value) == ItemStream.class) {
      throw new IllegalArgumentException(
          "returns a future of a stream (expected: the stream, which does not wait either)");
    }
    boolean optional = Types.raw(value) == Optional.class;
    return new Output(optional ? Types.argument(value) : value, later, optional, false);
  }

  // ---- words

  private Signature describe(Output output) {
    boolean nullable = output.optional() || nullable(method, method.getAnnotatedReturnType());
    for (Example example : method.getAnnotationsByType(Example.class)) {
      signature.example(
          new Signature.Example(
              example.name(),
              example.params().isEmpty() ? null : json("params of @Example", example.params()),
              example.result().isEmpty() ? null : json("result of @Example", example.result())));
    }
    Type type = output.empty() ? void.class : output.type();
    return signature
        .contract(root)
        .doc(doc(method))
        .result(
            method.isAnnotationPresent(Subscription.class)
                ? new Signature.Result(String.class, false, false, "The id of the subscription.")
                : new Signature.Result(type, nullable && !output.empty(), output.stream(), ""))
        .notification(marked.notification())
        .idempotent(marked.idempotent())
        .deprecated(
            method.isAnnotationPresent(Deprecated.class)
                || root.isAnnotationPresent(Deprecated.class))
        .build();
  }

  private static String doc(AnnotatedElement element) {
    Doc doc = element.getAnnotation(Doc.class);
    return doc == null ? "" : doc.value();
  }

  /** Anybody's {@code @Nullable} will do, on the element or on its type. */
  private static boolean nullable(AnnotatedElement element, AnnotatedType type) {
    return nullable(element.getAnnotations()) || nullable(type.getAnnotations());
  }

  private static boolean nullable(Annotation[] annotations) {
    return Arrays.stream(annotations)
        .anyMatch(each -> each.annotationType().getSimpleName().equals("Nullable"));
  }

  private static RawJson json(String what, String text) {
    try {
      return RawJson.parse(text);
    } catch (JsonException e) {
      throw new IllegalArgumentException(what + " is no JSON (" + e.getMessage() + ")", e);
    }
  }
}
