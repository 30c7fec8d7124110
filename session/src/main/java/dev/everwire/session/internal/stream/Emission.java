package dev.everwire.session.internal.stream;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.stream.ItemStream;
import org.jspecify.annotations.Nullable;

/**
 * Gets the items out of a producer's stream, on the thread that calls, and closes it once in any
 * case.
 */
public final class Emission {
  /** A peer that knows no streams gets no longer a list than this. */
  public static final int MOST_COLLECTED = 10_000;

  private Emission() {}

  /** Sends all items; returns when the last has left for the wire. */
  public static void emit(ItemStream<?> stream, Outflow out, ValueCodec values) throws Exception {
    try (stream) {
      stream.drainTo(item -> out.put(json(item, values)));
    }
    out.finish();
  }

  /**
   * All items as one array.
   *
   * @throws FaultException TOO_LARGE if there are more than a peer can take at once
   */
  public static RawJson collect(ItemStream<?> stream, long mostBytes, ValueCodec values)
      throws Exception {
    JsonWriter out = new JsonWriter().beginArray();
    int[] count = {0};
    try (stream) {
      stream.drainTo(item -> {
        RawJson json = json(item, values);
        count[0]++;
        if (count[0] > MOST_COLLECTED || out.length() + json.length() > mostBytes) {
          throw new FaultException(
              FaultCode.TOO_LARGE, "more items than fit a list; they have to be streamed");
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        out.value(json);
      });
    }
    return out.endArray().toRawJson();
  }

  private static RawJson json(@Nullable Object item, ValueCodec values) {
    return item instanceof RawJson raw ? raw : values.encode(item);
  }
}
