/**
 * What an operator's hand on a running server needs from the program around it: {@link
 * dev.everwire.server.admin.Operations}.
 */
@NullMarked
package dev.everwire.server.admin;

import org.jspecify.annotations.NullMarked;
