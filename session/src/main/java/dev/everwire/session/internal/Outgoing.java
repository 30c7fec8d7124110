package dev.everwire.session.internal;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.transport.Loop;
import org.jspecify.annotations.Nullable;

/** Where a {@link RemotePeer} sends: one connection, or whichever a client has at the moment. */
public interface Outgoing {

  /** Safe from any thread; the other methods are called on it. */
  Loop loop();

  /**
   * Sends a call; the completion is called exactly once, on the loop.
   *
   * @return cancels the call; does nothing once it has ended
   */
  Runnable call(
      String method, @Nullable RawJson params, CallOptions options, CallTable.Completion done);

  Offer notify(String method, @Nullable RawJson params);

  /** Whether there is a connection now. Safe from any thread. */
  boolean open();
}
