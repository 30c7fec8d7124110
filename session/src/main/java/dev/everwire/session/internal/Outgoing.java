package dev.everwire.session.internal;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.transport.Loop;
import org.jspecify.annotations.Nullable;

/** Where a {@link RemotePeer} sends: one connection, or whichever a client has at the moment. */
public interface Outgoing {

  /** Safe from any thread; where nothing else is said, methods are called on it. */
  Loop loop();

  /**
   * Sends a call; the completion is called exactly once, on the loop.
   *
   * @return cancels the call; does nothing once it has ended
   */
  Runnable call(
      String method, @Nullable RawJson params, CallOptions options, CallTable.Completion done);

  /**
   * Queues a notification. Safe from any thread; bounded, so a caller that is faster than the loop
   * gets FULL.
   */
  Offer notify(String method, @Nullable RawJson params);
}
