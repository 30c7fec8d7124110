/**
 * Keeps a client connected, whatever it speaks. Start at {@link
 * dev.everwire.client.internal.keep.Keeper}: it does what {@code internal.lifecycle} decides, on a
 * {@link dev.everwire.client.internal.keep.Line}.
 */
@NullMarked
package dev.everwire.client.internal.keep;

import org.jspecify.annotations.NullMarked;
