/**
 * The methods that peers of other dialects expect. Start at {@link
 * dev.everwire.server.internal.dialect.DialectMethods}.
 */
@NullMarked
package dev.everwire.server.internal.dialect;

import org.jspecify.annotations.NullMarked;
