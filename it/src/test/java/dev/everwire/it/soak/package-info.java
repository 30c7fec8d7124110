/**
 * A client that is cut off every second, for half an hour. Start at {@link
 * dev.everwire.it.soak.ClientSoak}; docs/testing.md says how to run it.
 */
@NullMarked
package dev.everwire.it.soak;

import org.jspecify.annotations.NullMarked;
