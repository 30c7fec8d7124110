/**
 * The words in which options are declared, and what is secret among their values. Start at {@link
 * dev.everwire.config.word.Option}.
 */
@NullMarked
package dev.everwire.config.word;

import org.jspecify.annotations.NullMarked;
