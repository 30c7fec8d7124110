/**
 * What a deployment may swap. Start at {@link dev.everwire.spi.Broker}: it keeps the streams of
 * topics and carries publications between nodes.
 */
@NullMarked
package dev.everwire.spi;

import org.jspecify.annotations.NullMarked;
