/**
 * Other wire habits over the same {@link dev.everwire.protocol.Message}s: a dialect has its own
 * codec and nothing else of its own. Start at {@link Dialects}.
 */
@NullMarked
package dev.everwire.protocol.dialect;

import org.jspecify.annotations.NullMarked;
