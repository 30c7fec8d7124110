/**
 * The Autobahn TestSuite against both ends of the transport, held to what they reached before.
 * Start at {@link dev.everwire.autobahn.AutobahnIT}; Suite runs the suite, Ratchet compares.
 */
@NullMarked
package dev.everwire.autobahn;

import org.jspecify.annotations.NullMarked;
