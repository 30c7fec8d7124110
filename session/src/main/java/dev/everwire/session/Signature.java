package dev.everwire.session;

import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a method takes, answers and may fail with, for documents and tools; calls are bound without
 * it. Made from an exposed interface, or by {@link #named} for a method that is a lambda.
 * Immutable; safe from any thread.
 */
public final class Signature {
  private final String name;
  private final Optional<Class<?>> contract;
  private final String doc;
  private final List<Parameter> parameters;
  private final Optional<Result> result;
  private final List<Failure> errors;
  private final List<Example> examples;
  private final boolean notification;
  private final boolean idempotent;
  private final boolean deprecated;

  private Signature(Builder builder) {
    this.name = builder.name;
    this.contract = Optional.ofNullable(builder.contract);
    this.doc = builder.doc;
    this.parameters = List.copyOf(builder.parameters);
    this.result = builder.notification ? Optional.empty() : Optional.of(builder.result);
    this.errors = List.copyOf(builder.errors);
    this.examples = List.copyOf(builder.examples);
    this.notification = builder.notification;
    this.idempotent = builder.idempotent;
    this.deprecated = builder.deprecated;
  }

  /** As it stands in {@code "method"}. */
  public String name() {
    return name;
  }

  /** The interface that it comes from; empty for a lambda. */
  public Optional<Class<?>> contract() {
    return contract;
  }

  /** What it is for, in plain text or Markdown; empty if nobody said. */
  public String doc() {
    return doc;
  }

  /** In the order of positional parameters; without those that are not sent. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Empty for a notification. */
  public Optional<Result> result() {
    return result;
  }

  /** What it fails with on purpose, by registration or declaration. */
  public List<Failure> errors() {
    return errors;
  }

  public List<Example> examples() {
    return examples;
  }

  /** Meant to be sent without an id. */
  public boolean notification() {
    return notification;
  }

  /** May be sent again if its answer was lost. */
  public boolean idempotent() {
    return idempotent;
  }

  public boolean deprecated() {
    return deprecated;
  }

  public static Builder named(String name) {
    return new Builder(name);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append('(');
    for (Parameter parameter : parameters) {
      text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(parameter.name());
    }
    return text.append(')').toString();
  }

  /**
   * One parameter that is sent.
   *
   * @param type what it is bound to; of a streamed one the type of its items, of an {@link
   *     Optional} the type inside
   * @param required whether a caller has to give it, and not {@code null}
   * @param streamed whether it is a stream of items
   * @param defaultValue what stands for it when it is not given, if anything does
   * @param doc plain text or Markdown, or empty
   */
  public record Parameter(
      String name,
      Type type,
      boolean required,
      boolean streamed,
      @Nullable RawJson defaultValue,
      String doc) {

    /** One that has to be given. */
    public static Parameter required(String name, Type type) {
      return new Parameter(name, type, true, false, null, "");
    }

    /** One that may be missing. */
    public static Parameter optional(String name, Type type) {
      return new Parameter(name, type, false, false, null, "");
    }

    public Parameter doc(String text) {
      return new Parameter(name, type, required, streamed, defaultValue, text);
    }
  }

  /**
   * What is answered.
   *
   * @param type of a stream the type of its items, of an {@link Optional} or a future the type
   *     inside; {@code void.class} where there is nothing to answer, which is {@code null} on the
   *     wire
   * @param nullable whether {@code null} may be answered where a value could be
   * @param streamed whether it is a stream of items
   * @param doc plain text or Markdown, or empty
   */
  public record Result(Type type, boolean nullable, boolean streamed, String doc) {
    public static Result of(Type type) {
      return new Result(type, false, false, "");
    }
  }

  /**
   * One way in which it fails on purpose.
   *
   * @param code see {@link dev.everwire.protocol.FaultCode}
   * @param message what the fault says, or when it comes
   * @param data the type of the fault's data, or null if it has none
   */
  public record Failure(int code, String message, @Nullable Type data) {}

  /**
   * One call and its answer.
   *
   * @param params an array or an object, or null for none
   * @param result null if the example does not show it
   */
  public record Example(String name, @Nullable RawJson params, @Nullable RawJson result) {}

  /** One thread at a time. */
  public static final class Builder {
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Failure> errors = new ArrayList<>();
    private final List<Example> examples = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable Class<?> contract;
    private String doc = "";
    private Result result = Result.of(void.class);
    private boolean notification;
    private boolean idempotent;
    private boolean deprecated;

    private Builder(String name) {
      this.name = name;
    }

    public Builder contract(Class<?> type) {
      contract = type;
      return this;
    }

    public Builder doc(String text) {
      doc = text;
      return this;
    }

    /**
     * @throws IllegalArgumentException if there is one of that name
     */
    public Builder parameter(Parameter parameter) {
      if (!names.add(parameter.name())) {
        throw new IllegalArgumentException(
            "parameter: \"" + parameter.name() + "\" (expected: not given before)");
      }
      parameters.add(parameter);
      return this;
    }

    /** Nothing, unless said. */
    public Builder result(Result answered) {
      result = answered;
      return this;
    }

    public Builder error(Failure error) {
      errors.add(error);
      return this;
    }

    public Builder example(Example example) {
      examples.add(example);
      return this;
    }

    /** It answers nothing, not even that it was done. */
    public Builder notification(boolean is) {
      notification = is;
      return this;
    }

    public Builder idempotent(boolean is) {
      idempotent = is;
      return this;
    }

    public Builder deprecated(boolean is) {
      deprecated = is;
      return this;
    }

    public Signature build() {
      return new Signature(this);
    }
  }
}
