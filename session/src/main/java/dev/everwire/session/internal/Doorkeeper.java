package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows who the peer of one connection is, and decides which of its calls may run. On the
 * connection's loop, except where a method says otherwise.
 */
public interface Doorkeeper {

  /** Whether a method may be called now by this peer, without asking for each call. */
  boolean open(Exposed method);

  /**
   * Whether a call of an application's method may run.
   *
   * @param go told exactly once, on the loop, perhaps before this returns: null if it may, else
   *     what it is refused with
   */
  void ask(Connection connection, InboundCall call, Exposed method, Consumer<@Nullable Fault> go);

  /** Roles of the peer, for its calls' handlers. Safe from any thread. */
  Set<String> roles();

  /**
   * What a request is answered of whose method nothing is known; null for the usual fault. Who has
   * to show first who it is learns nothing of what there is.
   */
  default @Nullable Fault refusesUnknown() {
    return null;
  }
}
