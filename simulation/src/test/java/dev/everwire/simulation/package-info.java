/**
 * Whole systems in virtual time under seeded faults. Start at {@link
 * dev.everwire.simulation.TopicSimulation} and {@link dev.everwire.simulation.CallSimulation}; a
 * failing seed prints itself and is run again with {@code -Deverwire.seed=N}.
 */
@NullMarked
package dev.everwire.simulation;

import org.jspecify.annotations.NullMarked;
