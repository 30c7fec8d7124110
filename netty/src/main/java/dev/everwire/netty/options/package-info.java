/** What can be chosen for a listener or a dialer. */
@NullMarked
package dev.everwire.netty.options;

import org.jspecify.annotations.NullMarked;
