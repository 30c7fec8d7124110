/**
 * How fast Everwire is, beside others. Start at {@link dev.everwire.benchmarks.Compare}, which runs
 * everything and writes the page; {@link dev.everwire.benchmarks.RawNettyPeer} is the yardstick.
 */
@NullMarked
package dev.everwire.benchmarks;

import org.jspecify.annotations.NullMarked;
