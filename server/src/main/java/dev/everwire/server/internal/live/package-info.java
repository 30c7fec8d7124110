/**
 * How settings change under a running server: {@link
 * dev.everwire.server.internal.live.LiveSettings}.
 */
@NullMarked
package dev.everwire.server.internal.live;

import org.jspecify.annotations.NullMarked;
