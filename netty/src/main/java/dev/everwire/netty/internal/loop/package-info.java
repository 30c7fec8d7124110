/**
 * Netty's event loops as the engine sees them: one flush per connection and pass, one timer wheel.
 */
@NullMarked
package dev.everwire.netty.internal.loop;

import org.jspecify.annotations.NullMarked;
