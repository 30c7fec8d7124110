package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/** How much of what went wrong inside a handler its caller is told. */
public enum Disclosure {
  /** An incident number, to be found in the log; nothing else. */
  SANITISED,

  /** The exception, too: for development, where the caller is the author. */
  FULL;

  private static final int MAX_TEXT = 1_000; // characters
  private static final int MAX_FRAMES = 20;

  /** The fault for something that was not said on purpose. */
  Fault internal(String incident, Throwable cause) {
    String message = "Internal error: incident " + incident;
    return switch (this) {
      case SANITISED -> Fault.of(FaultCode.INTERNAL, message);
      case FULL -> new Fault(FaultCode.INTERNAL, message, told(cause));
    };
  }

  private static RawJson told(Throwable cause) {
    JsonWriter out = new JsonWriter();
    out.beginObject().name("type").value(cause.getClass().getName());
    out.name("message").value(cut(cause.getMessage())).name("trace").beginArray();
    StackTraceElement[] trace = cause.getStackTrace();
    for (int i = 0; i < Math.min(trace.length, MAX_FRAMES); i++) {
      out.value(cut(trace[i].toString()));
    }
    return out.endArray().endObject().toRawJson();
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
