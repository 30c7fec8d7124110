package dev.everwire.server.session;

import dev.everwire.protocol.Position;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The private topic {@code $inbox} of one session: what is sent here reaches the client once, in
 * order, also over a reconnect, as long as the session is kept. The client subscribes to it as to
 * any topic and acknowledges what it has dealt with. Safe from any thread.
 */
public interface Inbox {
  /** As many unacknowledged messages are kept; one more is refused. */
  int MOST = 1_000;

  /**
   * Sends {@code {"event":…,"payload":…}}.
   *
   * @param payload anything that can be written as JSON
   * @return completes with the message's position as soon as it is kept; fails with a {@link
   *     dev.everwire.protocol.FaultException} −32006 if {@link #MOST} wait for acknowledgement,
   *     −32004 if the session is over, or with a {@link dev.everwire.spi.BrokerException}
   */
  CompletionStage<Position> send(String event, @Nullable Object payload);

  /** Messages that were sent and not acknowledged. */
  long unacknowledged();
}
