/**
 * Methods that people expect at the other end; not API. {@link
 * dev.everwire.session.internal.utility.Utilities} is all there is to open; {@link
 * dev.everwire.session.internal.utility.Callbacks} keeps what was called back.
 */
@NullMarked
package dev.everwire.session.internal.utility;

import org.jspecify.annotations.NullMarked;
