package dev.everwire.session.internal.stream;

import dev.everwire.protocol.Fault;

/** Why no more items come. */
public sealed interface Ending {

  /** All came. */
  record Complete() implements Ending {}

  /** Whoever reads them closed the stream. */
  record Closed() implements Ending {}

  /** Said by the producer, or by us about it. */
  record Failed(Fault fault) implements Ending {}

  /** The link went away. */
  record Lost(boolean maybeExecuted, String reason) implements Ending {}
}
