/**
 * Calls in both directions. {@link dev.everwire.session.internal.rpc.CallTable} holds ours that are
 * outstanding, {@link dev.everwire.session.internal.rpc.Inbound} theirs that run or wait; start at
 * either.
 */
@NullMarked
package dev.everwire.session.internal.rpc;

import org.jspecify.annotations.NullMarked;
