/**
 * Sessions that outlive their connections. Start at {@link
 * dev.everwire.server.internal.session.Sessions}, which keeps them; {@link
 * dev.everwire.server.internal.session.HelloMethod} begins them and takes them up again.
 */
@NullMarked
package dev.everwire.server.internal.session;

import org.jspecify.annotations.NullMarked;
