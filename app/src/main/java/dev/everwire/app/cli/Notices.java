package dev.everwire.app.cli;

import dev.everwire.client.Event;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;

/** The lines that {@code subscribe} prints. */
final class Notices {
  private Notices() {}

  /** For standard output; always JSON. */
  static String event(String topic, Position position, RawJson data) {
    JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
    out.name("offset").value(position.offset()).name("epoch").value(position.epoch());
    return text(out.name("data").value(data).endObject());
  }

  static String status(Status status, boolean json) {
    if (!json) {
      return switch (status) {
        case Status.Connecting(int attempt) ->
            attempt == 1 ? "connecting" : "connecting, attempt " + attempt;
        case Status.Ready(boolean resumed) -> resumed ? "connected, session resumed" : "connected";
        case Status.Reconnecting(int attempt, Duration delay, String why) ->
            "not connected, next attempt in " + delay.toMillis() + " ms";
        case Status.Closed(String why) -> "closed: " + why;
        case Status.Failed(String why) -> "closed: " + why;
        case Status.Disconnected disconnected -> "not connected";
        case Status.Connected connected -> "the WebSocket is open";
        case Status.Authenticating authenticating -> "authenticating";
        case Status.Closing closing -> "closing";
      };
    }
    JsonWriter out = new JsonWriter().beginObject().name("status");
    switch (status) {
      case Status.Connecting(int attempt) -> out.value("connecting").name("attempt").value(attempt);
      case Status.Ready(boolean resumed) -> out.value("connected").name("resumed").value(resumed);
      case Status.Reconnecting(int attempt, Duration delay, String why) ->
          out.value("waiting").name("delayMs").value(delay.toMillis());
      case Status.Closed(String why) -> out.value("closed").name("why").value(why);
      case Status.Failed(String why) -> out.value("closed").name("why").value(why);
      case Status.Disconnected disconnected -> out.value("disconnected");
      case Status.Connected connected -> out.value("open");
      case Status.Authenticating authenticating -> out.value("authenticating");
      case Status.Closing closing -> out.value("closing");
    }
    return text(out.endObject());
  }

  static String subscribed(String topic, Position position, boolean json) {
    if (!json) {
      return "subscribed to " + topic + " at " + position;
    }
    JsonWriter out = new JsonWriter().beginObject().name("status").value("subscribed");
    out.name("topic").value(topic);
    return text(position(out.name("position"), position).endObject());
  }

  static String gap(String topic, Event.Gap<?> gap, boolean json) {
    if (!json) {
      return "gap in "
          + topic
          + " ("
          + gap.reason()
          + "): events behind "
          + gap.from()
          + " up to "
          + gap.to()
          + " are missing";
    }
    JsonWriter out = new JsonWriter().beginObject().name("gap").beginObject();
    out.name("topic").value(topic).name("reason").value(gap.reason());
    position(out.name("from"), gap.from());
    return text(position(out.name("to"), gap.to()).endObject().endObject());
  }

  private static JsonWriter position(JsonWriter out, Position position) {
    out.beginObject().name("epoch").value(position.epoch());
    return out.name("offset").value(position.offset()).endObject();
  }

  private static String text(JsonWriter out) {
    return Shown.json(out.toRawJson());
  }
}
