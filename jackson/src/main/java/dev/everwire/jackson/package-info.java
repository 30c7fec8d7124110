/**
 * Values to JSON and back with Jackson 3. {@link dev.everwire.jackson.JacksonValues} is all there
 * is.
 */
@NullMarked
package dev.everwire.jackson;

import org.jspecify.annotations.NullMarked;
