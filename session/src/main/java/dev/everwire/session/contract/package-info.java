/**
 * The words in which a plain interface says what a peer may call. Start at {@link
 * dev.everwire.session.contract.Rpc}: it marks a method; everything else is a detail of one.
 */
@NullMarked
package dev.everwire.session.contract;

import org.jspecify.annotations.NullMarked;
