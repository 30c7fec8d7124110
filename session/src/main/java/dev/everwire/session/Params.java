package dev.everwire.session;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call, by position or by name as the caller chose. What does not fit is
 * answered with −32602 (invalid params), naming the parameter and nothing of its content.
 * Immutable.
 */
public final class Params {
  private final @Nullable RawJson raw;
  private final ValueCodec values;

  public Params(@Nullable RawJson raw, ValueCodec values) {
    this.raw = raw;
    this.values = values;
  }

  /** The parameters as they came: an array, an object, or null when there were none. */
  public @Nullable RawJson raw() {
    return raw;
  }

  /** All parameters bound to one type, a record for instance. */
  public <T> T as(Class<T> type) {
    if (raw == null) {
      throw invalid("parameters are missing");
    }
    return decode("params", raw, type);
  }

  /**
   * One parameter that has to be there.
   *
   * @param index its place when the caller sent an array
   * @param name its name when the caller sent an object
   */
  public <T> T get(int index, String name, Class<T> type) {
    T value = find(index, name, type);
    if (value == null) {
      throw invalid(name + ": missing");
    }
    return value;
  }

  /** One parameter that may be missing or {@code null}. */
  public <T> @Nullable T find(int index, String name, Class<T> type) {
    RawJson value = findRaw(index, name);
    return value == null ? null : decode(name, value, type);
  }

  /** One parameter as it came; null when missing or {@code null}. */
  public @Nullable RawJson findRaw(int index, String name) {
    if (raw == null) {
      return null;
    }
    try {
      if (raw.kind() == RawJson.Kind.ARRAY) {
        List<RawJson> elements = raw.elements();
        RawJson element = index < elements.size() ? elements.get(index) : null;
        return element == null || element.isNull() ? null : element;
      }
      return raw.members().get(name);
    } catch (JsonException e) {
      throw invalid(e.getMessage());
    }
  }

  /** How many there are; 0 when none were sent. */
  public int size() {
    if (raw == null) {
      return 0;
    }
    return raw.kind() == RawJson.Kind.ARRAY ? raw.elements().size() : raw.members().names().size();
  }

  /** The fault that says these parameters do not fit. */
  public static FaultException invalid(@Nullable String detail) {
    return new FaultException(
        FaultCode.INVALID_PARAMS, detail == null ? "Invalid params" : "Invalid params: " + detail);
  }

  @SuppressWarnings("unchecked") // the codec answers an instance of the (boxed) type or throws
  private <T> T decode(String name, RawJson value, Class<T> type) {
    Object decoded;
    try {
      decoded = values.decode(value, boxed(type));
    } catch (IllegalArgumentException e) {
      throw invalid(name + ": does not fit " + type.getSimpleName());
    }
    if (decoded == null) {
      throw invalid(name + ": missing");
    }
    return (T) decoded;
  }

  private static Type boxed(Class<?> type) {
    return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
  }
}
