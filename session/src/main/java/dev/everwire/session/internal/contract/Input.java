package dev.everwire.session.internal.contract;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Params;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One parameter that is sent.
 *
 * @param place which of the Java method's arguments it is
 * @param type what its JSON is bound to; of an {@link Optional} the type inside
 * @param optional whether the method takes an {@link Optional} of it
 * @param stream whether it is a stream, of items of that type
 * @param required whether it has to be there
 * @param absent what stands for it when it is not there, if anything does
 */
record Input(
    int place,
    String name,
    Type type,
    boolean optional,
    boolean stream,
    boolean required,
    @Nullable RawJson absent) {

  /**
   * The argument for what was sent, of one that is no stream.
   *
   * @param sent null if nothing was, or {@code null}
   * @throws FaultException −32602 if it is missing or does not fit
   */
  @Nullable Object bind(@Nullable RawJson sent, ValueCodec values) {
    Object value = null;
    if (sent != null) {
      value = decode(sent, values);
    } else if (absent != null) {
      value = decodeDefault(absent, values);
    } else if (required) {
      throw Params.invalid(name + ": missing");
    }
    return optional ? Optional.ofNullable(value) : value;
  }

  /** What is sent for the argument of one that is no stream; null for nothing. */
  @Nullable RawJson write(@Nullable Object argument, ValueCodec values) {
    Object value = optional && argument instanceof Optional<?> o ? o.orElse(null) : argument;
    if (value != null) {
      return values.encode(value, type);
    }
    if (required) {
      throw new IllegalArgumentException(name + ": null (expected: a value)");
    }
    return null;
  }

  private @Nullable Object decode(RawJson sent, ValueCodec values) {
    Object value;
    try {
      value = values.decode(sent, type);
    } catch (IllegalArgumentException e) {
      throw Params.invalid(name + ": does not fit " + Types.text(type));
    }
    if (value == null && required) {
      throw Params.invalid(name + ": missing");
    }
    return value;
  }

  private @Nullable Object decodeDefault(RawJson json, ValueCodec values) {
    try {
      return values.decode(json, type);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("@Default of " + name + " does not fit its type", e);
    }
  }
}
