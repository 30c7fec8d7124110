/** Who may do what on a server. */
@NullMarked
package dev.everwire.server.authorisation;

import org.jspecify.annotations.NullMarked;
