/**
 * Says what may be called here; not API. Start at {@link
 * dev.everwire.session.internal.discover.Discovery}, which serves the document; {@link
 * dev.everwire.session.internal.discover.OpenRpc} makes it.
 */
@NullMarked
package dev.everwire.session.internal.discover;

import org.jspecify.annotations.NullMarked;
