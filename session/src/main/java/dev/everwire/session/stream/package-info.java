/**
 * Streams of items, as results and as arguments of calls. {@link
 * dev.everwire.session.stream.ItemStream} is what a method returns, takes and is called with.
 */
@NullMarked
package dev.everwire.session.stream;

import org.jspecify.annotations.NullMarked;
