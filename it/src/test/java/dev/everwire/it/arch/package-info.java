/**
 * The shape of the house, as tests. Start at {@link dev.everwire.it.arch.ArchitectureTest}; {@link
 * dev.everwire.it.arch.SourceTreeTest} holds what only the source text shows.
 */
@NullMarked
package dev.everwire.it.arch;

import org.jspecify.annotations.NullMarked;
