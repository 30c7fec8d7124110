/**
 * The seam between conversations and bytes. Start at {@link
 * dev.everwire.session.transport.Transport}, one open WebSocket; a {@link
 * dev.everwire.session.transport.Dialer} or {@link dev.everwire.session.transport.Listener} makes
 * it, a {@link dev.everwire.session.transport.Receiver} is told what it brings, all on its {@link
 * dev.everwire.session.transport.Loop}.
 */
@NullMarked
package dev.everwire.session.transport;

import org.jspecify.annotations.NullMarked;
