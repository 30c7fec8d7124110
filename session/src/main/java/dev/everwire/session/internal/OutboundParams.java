package dev.everwire.session.internal;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.stream.Emission;
import dev.everwire.session.stream.ItemStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of one call as they go out, and the streams that stand in them as {@code
 * {"$stream":1}}. One thread at a time.
 */
final class OutboundParams {
  static final String STREAM = "$stream";

  private static final long MOST_COLLECTED_BYTES = 8 * 1024 * 1024;

  private final ValueCodec values;
  private final boolean streaming;
  private final List<Argument> arguments = new ArrayList<>(0);
  private int reached; // streams that were placed or read; who reads one closes it

  /**
   * @param streaming false to send lists in place of streams; their items are waited for
   */
  OutboundParams(ValueCodec values, boolean streaming) {
    this.values = values;
    this.streaming = streaming;
  }

  /** Whether a stream stands in these parameters, so that encoding them may block. */
  static boolean anyStream(@Nullable Object params) {
    return switch (params) {
      case null -> false;
      case Map<?, ?> named -> named.values().stream().anyMatch(ItemStream.class::isInstance);
      case Collection<?> positional -> positional.stream().anyMatch(ItemStream.class::isInstance);
      case Object[] positional -> Arrays.stream(positional).anyMatch(ItemStream.class::isInstance);
      default -> false;
    };
  }

  /**
   * @throws IllegalArgumentException if they are neither named nor positional
   */
  @Nullable RawJson encode(@Nullable Object params) {
    if (params == null) {
      return null;
    }
    RawJson json = anyStream(params) ? withStreamsOrClosed(params) : json(params);
    return switch (json.kind()) {
      case OBJECT, ARRAY -> json;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw new IllegalArgumentException(
              "params: a " + json.kind() + " (expected: a map, record, list, array or null)");
    };
  }

  /** The streams, in the order of their numbers. */
  List<Argument> arguments() {
    return List.copyOf(arguments);
  }

  /** Closes the streams among parameters that are not sent. */
  static void close(@Nullable Object params) {
    streams(params).forEach(ItemStream::close);
  }

  private static List<ItemStream<?>> streams(@Nullable Object params) {
    Collection<?> all =
        switch (params) {
          case null -> List.of();
          case Map<?, ?> named -> named.values();
          case Collection<?> positional -> positional;
          case Object[] positional -> Arrays.asList(positional);
          default -> List.of();
        };
    List<ItemStream<?>> streams = new ArrayList<>();
    for (Object value : all) {
      if (value instanceof ItemStream<?> stream) {
        streams.add(stream);
      }
    }
    return streams;
  }

  private RawJson withStreamsOrClosed(Object params) {
    try {
      return withStreams(params);
    } catch (RuntimeException | Error e) {
      arguments.forEach(Argument::closeUnlessTaken);
      streams(params).stream().skip(reached).forEach(ItemStream::close);
      throw e;
    }
  }

  private RawJson withStreams(Object params) {
    JsonWriter out = new JsonWriter();
    if (params instanceof Map<?, ?> named) {
      out.beginObject();
      named.forEach((name, value) -> out.name(String.valueOf(name)).value(json(value)));
      return out.endObject().toRawJson();
    }
    out.beginArray();
    Collection<?> all =
        params instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) params;
    all.forEach(value -> out.value(json(value)));
    return out.endArray().toRawJson();
  }

  private RawJson json(@Nullable Object value) {
    if (value instanceof ItemStream<?> stream) {
      reached++;
      return streaming ? placeholder(stream) : collected(stream);
    }
    return value instanceof RawJson raw ? raw : values.encode(value);
  }

  private RawJson placeholder(ItemStream<?> stream) {
    arguments.add(new Argument(stream));
    return new JsonWriter()
        .beginObject()
        .name(STREAM)
        .value(arguments.size())
        .endObject()
        .toRawJson();
  }

  private RawJson collected(ItemStream<?> stream) {
    try {
      return Emission.collect(stream, MOST_COLLECTED_BYTES, values);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(FaultCode.CANCELLED, "interrupted while collecting a stream");
    } catch (Exception e) {
      throw new IllegalStateException("params: a stream could not be read", e);
    }
  }
}
