/**
 * TLS in a channel's pipeline. {@link dev.everwire.netty.internal.tls.Encryption} puts it there.
 */
@NullMarked
package dev.everwire.netty.internal.tls;

import org.jspecify.annotations.NullMarked;
