/**
 * Fails a test run that leaves buffers unreleased, in each module that has Netty. Start at
 * LeakGate; Leaks finds them.
 */
@NullMarked
package dev.everwire.leakgate;

import org.jspecify.annotations.NullMarked;
