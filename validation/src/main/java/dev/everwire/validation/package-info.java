/**
 * Checks the parameters of contracts by {@code jakarta.validation}. {@link
 * dev.everwire.validation.ParameterValidation} is found by itself; there is nothing to call.
 */
@NullMarked
package dev.everwire.validation;

import org.jspecify.annotations.NullMarked;
