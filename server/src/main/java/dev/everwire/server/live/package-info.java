/** What can change while a server runs: {@link dev.everwire.server.live.Live}. */
@NullMarked
package dev.everwire.server.live;

import org.jspecify.annotations.NullMarked;
