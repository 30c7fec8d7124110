/**
 * Contracts: plain interfaces, read once and then served or called. Start at {@link
 * dev.everwire.session.internal.contract.Contract}; {@code ContractReader} says what an interface
 * means, {@code Served} and {@code Remote} are the two ends of one {@code Operation}.
 */
@NullMarked
package dev.everwire.session.internal.contract;

import org.jspecify.annotations.NullMarked;
