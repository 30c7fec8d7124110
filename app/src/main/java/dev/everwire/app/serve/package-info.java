/**
 * The standalone server. Start at {@link dev.everwire.app.serve.Standalone}; {@link
 * dev.everwire.app.serve.Guard} keeps foreign web pages out, {@link dev.everwire.app.serve.Page}
 * says what runs.
 */
@NullMarked
package dev.everwire.app.serve;

import org.jspecify.annotations.NullMarked;
