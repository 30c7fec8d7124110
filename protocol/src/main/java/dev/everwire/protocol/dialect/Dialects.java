package dev.everwire.protocol.dialect;

import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.codec.JsonRpcCodec;
import java.util.EnumSet;
import java.util.Set;

/**
 * The codec of each dialect, with the same limits, and which of them a peer may switch on.
 * Immutable; safe from any thread.
 */
public final class Dialects {
  private final JsonRpcCodec jsonRpc;
  private final RpcWebsocketsCodec rpcWebsockets;
  private final FastapiRpcCodec fastapiRpc;
  private final Set<Dialect> allowed; // not changed any more

  private Dialects(
      JsonRpcCodec jsonRpc,
      RpcWebsocketsCodec rpcWebsockets,
      FastapiRpcCodec fastapiRpc,
      Set<Dialect> allowed) {
    this.jsonRpc = jsonRpc;
    this.rpcWebsockets = rpcWebsockets;
    this.fastapiRpc = fastapiRpc;
    this.allowed = allowed;
  }

  /**
   * All of them, none of which a peer may switch on.
   *
   * @param maxDepth deepest nesting of arrays and objects that is read, at least 2
   * @param maxBatch most members of a batch, at least 1
   */
  public static Dialects of(int maxDepth, int maxBatch) {
    JsonRpcCodec jsonRpc = new JsonRpcCodec(maxDepth, maxBatch);
    return new Dialects(
        jsonRpc,
        new RpcWebsocketsCodec(jsonRpc),
        new FastapiRpcCodec(maxDepth),
        EnumSet.noneOf(Dialect.class));
  }

  /** The same, and a peer may switch these on. */
  public Dialects allowing(Set<Dialect> dialects) {
    EnumSet<Dialect> now = EnumSet.noneOf(Dialect.class);
    now.addAll(dialects);
    return new Dialects(jsonRpc, rpcWebsockets, fastapiRpc, now);
  }

  /** Whether a peer may switch it on. */
  public boolean allows(Dialect dialect) {
    return allowed.contains(dialect);
  }

  public Codec codec(Dialect dialect) {
    return switch (dialect) {
      case JSON_RPC -> jsonRpc;
      case RPC_WEBSOCKETS -> rpcWebsockets;
      case FASTAPI_RPC -> fastapiRpc;
    };
  }
}
