package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;

/** Where a subscription sends. Event loop only. */
@FunctionalInterface
interface Subscriber {
  /** Queues a message; whoever leaves no room for it is given up by the connection itself. */
  Offer offer(Encoded message);
}
