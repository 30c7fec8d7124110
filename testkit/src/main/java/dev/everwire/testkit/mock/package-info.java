/**
 * Servers that do what a test tells them, for tests of clients of any protocol. Start at {@link
 * dev.everwire.testkit.mock.MockServer}, which is built on a listener and so runs in memory and on
 * real sockets alike; {@link dev.everwire.testkit.mock.RawServer} writes bytes that no WebSocket
 * implementation would.
 */
@NullMarked
package dev.everwire.testkit.mock;

import org.jspecify.annotations.NullMarked;
