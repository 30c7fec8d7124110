/** Compression of messages (permessage-deflate, RFC 7692): what is agreed on, and doing it. */
@NullMarked
package dev.everwire.netty.internal.deflate;

import org.jspecify.annotations.NullMarked;
