/**
 * The sections of the tree, each a record of options with its defaults and, where the server has a
 * record for the same, the way to that. Start at {@link dev.everwire.config.section.ListenOptions}.
 */
@NullMarked
package dev.everwire.config.section;

import org.jspecify.annotations.NullMarked;
