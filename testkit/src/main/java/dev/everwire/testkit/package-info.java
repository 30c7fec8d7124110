/**
 * Stands in for network and time in tests. Start at {@link dev.everwire.testkit.MemoryNetwork},
 * which both ends can live in; the contract suites show what a transport and a broker must do.
 */
@NullMarked
package dev.everwire.testkit;

import org.jspecify.annotations.NullMarked;
