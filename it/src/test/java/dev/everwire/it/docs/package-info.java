/**
 * The code shown in the documents, compiled and run. Start at {@link
 * dev.everwire.it.docs.DocumentsTest}, which holds the documents against the regions marked {@code
 * // docs:NAME} in the examples here.
 */
@NullMarked
package dev.everwire.it.docs;

import org.jspecify.annotations.NullMarked;
