/**
 * The preset that most programs begin with. {@link dev.everwire.Everwire} is all there is; what it
 * hands out lives in {@code client} and {@code server}.
 */
@NullMarked
package dev.everwire;

import org.jspecify.annotations.NullMarked;
