/**
 * One conversation between two peers, the same at both ends: who may be called ({@link
 * dev.everwire.session.Methods}), how the other end is called ({@link dev.everwire.session.Peer}).
 * Start at {@code Peer}; {@code internal.SessionEngine} decides what happens to every message.
 */
@NullMarked
package dev.everwire.session;

import org.jspecify.annotations.NullMarked;
