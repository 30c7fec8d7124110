/**
 * Watches over handlers that must not block because they run on an event loop. Start at {@link
 * dev.everwire.session.internal.watch.Watchdog}.
 */
@NullMarked
package dev.everwire.session.internal.watch;

import org.jspecify.annotations.NullMarked;
