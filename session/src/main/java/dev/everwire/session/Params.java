package dev.everwire.session;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonScanner;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.stream.ItemStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a call, by position or by name as the caller chose. What does not fit is
 * answered with −32602 (invalid params), naming the parameter and nothing of its content.
 * Immutable.
 */
public final class Params {
  private static final int MOST_STREAMS = 64;

  private final @Nullable RawJson raw;
  private @Nullable JsonMembers members; // of raw, once asked for; whoever comes first

  /** Opens the streams among the parameters of one call. */
  @FunctionalInterface
  public interface Streams {
    /**
     * @param number as the caller gave it, from 1
     * @param bound makes a value of an item, or throws what the caller is to be told
     */
    ItemStream<?> open(int number, Function<RawJson, @Nullable Object> bound);
  }

  private final ValueCodec values;
  private final Streams streams;

  /** Parameters among which there is no stream. */
  public Params(@Nullable RawJson raw, ValueCodec values) {
    this(
        raw,
        values,
        (number, bound) -> {
          throw new IllegalStateException("streams: none come here");
        });
  }

  public Params(@Nullable RawJson raw, ValueCodec values, Streams streams) {
    this.raw = raw;
    this.values = values;
    this.streams = streams;
  }

  /** The parameters as they came: an array, an object, or null when there were none. */
  public @Nullable RawJson raw() {
    return raw;
  }

  /** What binds them, and results. */
  public ValueCodec values() {
    return values;
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
        return element(raw, index);
      }
      JsonMembers named = members;
      if (named == null) {
        named = raw.members();
        members = named;
      }
      return named.get(name);
    } catch (JsonException e) {
      throw invalid(e.getMessage());
    }
  }

  /** Passes over those before it, without an object for each. */
  private static @Nullable RawJson element(RawJson array, int index) {
    int from = array.offset();
    JsonScanner scanner =
        new JsonScanner(array.array(), from, from + array.length(), RawJson.MAX_DEPTH);
    scanner.beginArray();
    for (int i = 0; scanner.element(); i++) {
      int start = scanner.position();
      scanner.skipValue();
      if (i == index) {
        RawJson element = RawJson.trusted(array.array(), start, scanner.position());
        return element.isNull() ? null : element;
      }
    }
    return null;
  }

  /**
   * One parameter that is a stream; a list is read as one. Its items come as the handler takes them
   * and as long as the call runs, and throw as {@link ItemStream} says.
   */
  @SuppressWarnings("unchecked") // the codec answers instances of the type
  public <T> ItemStream<T> stream(int index, String name, Class<T> itemType) {
    return (ItemStream<T>) stream(index, name, boxed(itemType));
  }

  /** As {@link #stream(int, String, Class)} with any type. */
  public ItemStream<?> stream(int index, String name, Type itemType) {
    RawJson value = findRaw(index, name);
    if (value == null) {
      throw invalid(name + ": missing");
    }
    if (value.kind() == RawJson.Kind.ARRAY) {
      return ItemStream.of(
          value.elements().stream().<@Nullable Object>map(item -> item(name, item, itemType)));
    }
    return streams.open(number(name, value), item -> item(name, item, itemType));
  }

  private @Nullable Object item(String name, RawJson item, Type itemType) {
    if (itemType == RawJson.class) {
      return item;
    }
    try {
      return values.decode(item, itemType);
    } catch (IllegalArgumentException e) {
      throw invalid(name + ": an item does not fit");
    }
  }

  private static int number(String name, RawJson value) {
    try {
      long number = value.members().integer("$stream");
      if (number >= 1 && number <= MOST_STREAMS) {
        return (int) number;
      }
    } catch (JsonException e) {
      // said below
    }
    throw invalid(name + ": expected a stream or a list");
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
