package dev.everwire.session.internal;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all connections of one server or client share.
 *
 * @param workers runs users' handlers; a virtual thread for each
 * @param random used on loops only, so it must be safe from any thread where there are several
 */
public record ConnectionSettings(
    Codec codec,
    SessionLimits limits,
    Heartbeat heartbeat,
    ValueCodec values,
    Executor workers,
    RandomGenerator random) {

  public static ConnectionSettings of(
      SessionLimits limits,
      Heartbeat heartbeat,
      ValueCodec values,
      Executor workers,
      RandomGenerator random) {
    return new ConnectionSettings(
        new JsonRpcCodec(limits.maxDepth(), limits.maxBatch()),
        limits,
        heartbeat,
        values,
        workers,
        random);
  }

  /** Eight hexadecimal digits to find a log line by. */
  String incident() {
    return String.format("%08x", random.nextInt());
  }
}
