package dev.everwire.client.foreign;

import dev.everwire.protocol.json.RawJson;

/**
 * An update came whose data does not fit the subscription's type. Only this one is lost: the
 * subscription goes on behind it.
 */
public final class UnreadableUpdateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String topic;
  private final transient RawJson data;

  UnreadableUpdateException(String topic, RawJson data, String detail) {
    super("update of " + topic + ": " + detail);
    this.topic = topic;
    this.data = data;
  }

  public String topic() {
    return topic;
  }

  /** The data as it came. */
  public RawJson data() {
    return data;
  }
}
