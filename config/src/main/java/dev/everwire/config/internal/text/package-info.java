/**
 * Text and what it means: YAML with the places of things, durations, sizes. Start at {@link
 * dev.everwire.config.internal.text.YamlReader}.
 */
@NullMarked
package dev.everwire.config.internal.text;

import org.jspecify.annotations.NullMarked;
