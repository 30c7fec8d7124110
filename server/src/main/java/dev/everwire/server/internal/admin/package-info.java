/**
 * What an administrator may ask: {@code rpc.admin.*}. Start at {@link
 * dev.everwire.server.internal.admin.AdminMethods}.
 */
@NullMarked
package dev.everwire.server.internal.admin;

import org.jspecify.annotations.NullMarked;
