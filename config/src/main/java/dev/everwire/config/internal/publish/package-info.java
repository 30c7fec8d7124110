/**
 * Writes the catalogue down: as YAML, as JSON Schema, as a table. Start at {@link
 * dev.everwire.config.internal.publish.Outline}.
 */
@NullMarked
package dev.everwire.config.internal.publish;

import org.jspecify.annotations.NullMarked;
