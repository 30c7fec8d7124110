/**
 * Shows of every option that another value of it makes a difference. Start at {@link
 * dev.everwire.config.acts.EveryOptionActsTest}; a proof for a new option goes to the class of its
 * section.
 */
@NullMarked
package dev.everwire.config.acts;

import org.jspecify.annotations.NullMarked;
