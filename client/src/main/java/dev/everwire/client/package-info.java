/**
 * A client whose connection comes back by itself. Start at {@link dev.everwire.client.Client}; it
 * hands out {@link dev.everwire.client.Subscription}s and is kept connected by {@code Keeper},
 * which does what {@code internal.lifecycle} decides.
 */
@NullMarked
package dev.everwire.client;

import org.jspecify.annotations.NullMarked;
