/**
 * Keys, certificates and trust of encrypted connections. Start at {@link
 * dev.everwire.netty.tls.ServerTls} for a listener and at {@link dev.everwire.netty.tls.ClientTls}
 * for a dialer; both read files and notice when these change.
 */
@NullMarked
package dev.everwire.netty.tls;

import org.jspecify.annotations.NullMarked;
