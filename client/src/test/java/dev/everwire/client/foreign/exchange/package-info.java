/**
 * A worked example: a client of an exchange's feed. Start at {@link
 * dev.everwire.client.foreign.exchange.ExchangeProtocol}, which says how the exchange talks, then
 * {@link dev.everwire.client.foreign.exchange.MarketFeed}, which keeps trades and an order book.
 * {@link dev.everwire.client.foreign.exchange.SimulatedExchange} is the other end.
 */
@NullMarked
package dev.everwire.client.foreign.exchange;

import org.jspecify.annotations.NullMarked;
