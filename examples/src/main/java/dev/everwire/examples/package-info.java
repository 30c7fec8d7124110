/**
 * Programs to begin with; each is one file that runs by itself. Start at {@link
 * dev.everwire.examples.RequestResponse}.
 */
@NullMarked
package dev.everwire.examples;

import org.jspecify.annotations.NullMarked;
