/**
 * What a client of a foreign service remembers. Start at {@link
 * dev.everwire.client.internal.foreign.SubscriptionBook}; {@link
 * dev.everwire.client.internal.foreign.PendingRequests} holds what waits for an answer, {@link
 * dev.everwire.client.internal.foreign.SendQueue} what waits for its turn.
 */
@NullMarked
package dev.everwire.client.internal.foreign;

import org.jspecify.annotations.NullMarked;
