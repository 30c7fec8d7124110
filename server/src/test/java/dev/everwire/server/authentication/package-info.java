/** Who comes in, and how long they stay, spoken to by hand. */
@NullMarked
package dev.everwire.server.authentication;

import org.jspecify.annotations.NullMarked;
