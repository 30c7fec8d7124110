/** Who clients are, between a real server and real clients. */
@NullMarked
package dev.everwire.access;

import org.jspecify.annotations.NullMarked;
