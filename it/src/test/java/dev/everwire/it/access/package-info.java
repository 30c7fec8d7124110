/** Who may do what, at a whole server over real sockets. */
@NullMarked
package dev.everwire.it.access;

import org.jspecify.annotations.NullMarked;
