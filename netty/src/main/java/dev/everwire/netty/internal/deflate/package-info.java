/**
 * Compression of messages (permessage-deflate, RFC 7692): what is agreed on, and doing it. Start at
 * {@link dev.everwire.netty.internal.deflate.Negotiation}; a connection then has a {@link
 * dev.everwire.netty.internal.deflate.MessageDeflater} and a {@link
 * dev.everwire.netty.internal.deflate.MessageInflater}, which borrow from the {@link
 * dev.everwire.netty.internal.deflate.Deflaters} of its loop.
 */
@NullMarked
package dev.everwire.netty.internal.deflate;

import org.jspecify.annotations.NullMarked;
