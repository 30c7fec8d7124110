/**
 * Just enough JSON to read and write envelopes without a library: start at {@link
 * dev.everwire.protocol.json.RawJson}, a checked slice of text; {@link
 * dev.everwire.protocol.json.JsonScanner} finds the slices and {@link
 * dev.everwire.protocol.json.JsonWriter} puts them back.
 */
@NullMarked
package dev.everwire.protocol.json;

import org.jspecify.annotations.NullMarked;
