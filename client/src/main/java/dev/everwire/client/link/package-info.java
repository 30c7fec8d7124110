/**
 * How a client stays connected, as users set it and hear of it. Start at {@link
 * dev.everwire.client.link.ClientSettings}; {@link dev.everwire.client.link.Status} and {@link
 * dev.everwire.client.link.ClientEvent} tell what becomes of it.
 */
@NullMarked
package dev.everwire.client.link;

import org.jspecify.annotations.NullMarked;
