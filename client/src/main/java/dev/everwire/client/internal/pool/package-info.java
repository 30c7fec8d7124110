/**
 * Several connections to one service. {@link dev.everwire.client.internal.pool.Chooser} says which
 * of them is used, whatever is spoken on them.
 */
@NullMarked
package dev.everwire.client.internal.pool;

import org.jspecify.annotations.NullMarked;
