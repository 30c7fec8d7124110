package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import java.util.List;
import java.util.Optional;

/**
 * A feed in its simplest form: topics that are asked for one by one and never answered. What was
 * written for this shape is used through {@link ExchangeAdapter}. Called on the client's event
 * loop; must not block.
 */
public interface ExchangeHandler {

  /** The topic that a message is about; empty if it is about none. */
  Optional<String> topic(Text message);

  ForeignMessage subscribe(String topic);

  ForeignMessage unsubscribe(String topic);

  /** Sent first on each connection. */
  default List<? extends ForeignMessage> onConnect() {
    return List.of();
  }

  /**
   * A binary message as text; gzip, raw deflate and UTF-8 are told apart unless said.
   *
   * @param maxBytes the result must not be longer
   * @throws IllegalArgumentException it cannot be read, or gets too long
   */
  default Text decodeBinary(byte[] bytes, int maxBytes) {
    return BinaryCoding.DETECT.decode(bytes, maxBytes);
  }
}
