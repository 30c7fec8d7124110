/**
 * What is counted about a client's connections. Start at {@link
 * dev.everwire.client.internal.figures.FigureBook}.
 */
@NullMarked
package dev.everwire.client.internal.figures;

import org.jspecify.annotations.NullMarked;
