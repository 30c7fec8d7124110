/**
 * What peers do that are broken or want to do harm, over real sockets. Start at HostileClientsTest
 * and HostileServersTest; the tables beside them say what is sent and what must become of it.
 */
@NullMarked
package dev.everwire.netty.hostile;

import org.jspecify.annotations.NullMarked;
