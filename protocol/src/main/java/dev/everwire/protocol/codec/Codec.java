package dev.everwire.protocol.codec;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One wire format. Stateless and safe from any thread; never throws for what a peer sent, the fault
 * is part of the answer.
 */
public interface Codec {

  /**
   * Reads one WebSocket message, which stands between the buffer's position and limit; neither is
   * moved. The buffer may be used again afterwards: what the frame keeps is copied.
   */
  Frame read(ByteBuffer message);

  /**
   * Appends one message.
   *
   * @throws IllegalArgumentException for {@link Message.Malformed}, which is only ever received
   */
  void write(Message message, JsonWriter out);

  /**
   * Appends one batch.
   *
   * @throws IllegalArgumentException if there is no message, or one that {@code write} refuses
   */
  void writeBatch(List<? extends Message> messages, JsonWriter out);
}
