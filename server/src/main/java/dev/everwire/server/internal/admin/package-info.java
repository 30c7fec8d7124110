/**
 * What an administrator may ask: {@code rpc.admin.*}. Start at {@link
 * dev.everwire.server.internal.admin.AdminMethods}; {@link
 * dev.everwire.server.internal.admin.Census} counts and knows who is there.
 */
@NullMarked
package dev.everwire.server.internal.admin;

import org.jspecify.annotations.NullMarked;
