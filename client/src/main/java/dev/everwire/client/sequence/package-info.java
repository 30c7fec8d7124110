/**
 * Proves that nothing is missing in feeds that number their messages, as exchanges do. Start at
 * {@link dev.everwire.client.sequence.SequenceGuard} to find what is missing, at {@link
 * dev.everwire.client.sequence.SyncedFeed} to keep a state that is loaded from a snapshot and kept
 * by updates. Everwire's own topics need neither: their subscriptions prove it themselves.
 */
@NullMarked
package dev.everwire.client.sequence;

import org.jspecify.annotations.NullMarked;
