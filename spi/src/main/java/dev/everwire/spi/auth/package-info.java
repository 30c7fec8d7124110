/**
 * Who somebody is: begin at {@link dev.everwire.spi.auth.Authenticator}. What somebody may do is
 * the server's matter.
 */
@NullMarked
package dev.everwire.spi.auth;

import org.jspecify.annotations.NullMarked;
