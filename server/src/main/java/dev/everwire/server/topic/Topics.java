package dev.everwire.server.topic;

import dev.everwire.protocol.Position;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to the topics of a server, whatever its rules let peers do. Safe from any thread.
 *
 * <p>A publication gets the next offset of its topic and goes to every subscriber on every node.
 * The order of two publications is that of their offsets.
 */
public interface Topics {

  /**
   * Publishes and waits until the broker has it. Blocks, so never on an event loop.
   *
   * @param data bound to JSON by the server's {@link dev.everwire.protocol.ValueCodec}; a {@link
   *     dev.everwire.protocol.json.RawJson} is taken as it is
   * @return the publication's own position
   * @throws IllegalArgumentException if the name is malformed, no rule names it or the data cannot
   *     be bound
   * @throws dev.everwire.spi.BrokerException if the broker could not take it within 10 s; it may
   *     have been published nevertheless
   */
  Position publish(String topic, @Nullable Object data);

  /**
   * As {@link #publish} without waiting. What is wrong with the arguments is thrown here; the
   * future fails with {@link dev.everwire.spi.BrokerException}. Cancelling it takes nothing back.
   */
  CompletableFuture<Position> publishAsync(String topic, @Nullable Object data);
}
