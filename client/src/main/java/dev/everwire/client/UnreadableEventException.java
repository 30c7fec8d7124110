package dev.everwire.client;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;

/**
 * An event came whose data does not fit the subscription's type. Only this event is lost: the
 * subscription goes on behind it.
 */
public final class UnreadableEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Position position;
  private final transient RawJson data;

  UnreadableEventException(String topic, Position position, RawJson data, String detail) {
    super("event " + position + " of " + topic + ": " + detail);
    this.position = position;
    this.data = data;
  }

  public Position position() {
    return position;
  }

  /** The data as it came. */
  public RawJson data() {
    return data;
  }
}
