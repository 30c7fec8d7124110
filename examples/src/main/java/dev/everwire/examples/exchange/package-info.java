/**
 * A client of somebody else's WebSocket API. Start at {@link
 * dev.everwire.examples.exchange.Trading}; {@link dev.everwire.examples.exchange.ExchangeProtocol}
 * says how the exchange talks, and {@link dev.everwire.examples.exchange.SimulatedExchange} plays
 * it.
 */
@NullMarked
package dev.everwire.examples.exchange;

import org.jspecify.annotations.NullMarked;
