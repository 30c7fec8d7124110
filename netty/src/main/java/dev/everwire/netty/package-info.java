/**
 * Bytes to WebSocket messages, both ends. Open {@link dev.everwire.netty.NettyListener} for servers
 * and {@link dev.everwire.netty.NettyDialer} for clients; both hand an upgraded channel to
 * NettyTransport, which Inbound and Outbound serve.
 */
@NullMarked
package dev.everwire.netty;

import org.jspecify.annotations.NullMarked;
