/**
 * Everything that can be set, derived from records and their annotations. Start at {@link
 * dev.everwire.config.internal.catalogue.Catalogue}.
 */
@NullMarked
package dev.everwire.config.internal.catalogue;

import org.jspecify.annotations.NullMarked;
