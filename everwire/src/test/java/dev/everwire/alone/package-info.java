/**
 * What a client may be trusted with when it is left alone, against servers that misbehave as told.
 * Start at {@link dev.everwire.alone.LeftAloneContract}.
 */
@NullMarked
package dev.everwire.alone;

import org.jspecify.annotations.NullMarked;
