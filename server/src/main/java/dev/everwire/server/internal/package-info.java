/** What several packages of the server share; not API. Start at {@link RandomText}. */
@NullMarked
package dev.everwire.server.internal;

import org.jspecify.annotations.NullMarked;
