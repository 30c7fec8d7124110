/**
 * The health of a link. Start at {@link dev.everwire.session.internal.lifecycle.Pulse}, which finds
 * a silent one; {@link dev.everwire.session.internal.lifecycle.Flow} holds back where one end is
 * slow.
 */
@NullMarked
package dev.everwire.session.internal.lifecycle;

import org.jspecify.annotations.NullMarked;
