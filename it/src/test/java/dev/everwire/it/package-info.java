/**
 * The program as its users run it: real processes of the packaged jar, real sockets, real signals.
 * Start at {@link dev.everwire.it.SubscribeIT}; {@link dev.everwire.it.Program} runs a process.
 */
@NullMarked
package dev.everwire.it;

import org.jspecify.annotations.NullMarked;
