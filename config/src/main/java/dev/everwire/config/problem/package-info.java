/**
 * What is wrong with a configuration, and where. Start at {@link
 * dev.everwire.config.problem.ConfigException}.
 */
@NullMarked
package dev.everwire.config.problem;

import org.jspecify.annotations.NullMarked;
