/**
 * The standalone server. Start at {@link dev.everwire.app.serve.Standalone}; {@link
 * dev.everwire.app.serve.ConfigSource} says where its configuration is read from, and {@link
 * dev.everwire.app.serve.Steward} does what administrators ask of the program.
 */
@NullMarked
package dev.everwire.app.serve;

import org.jspecify.annotations.NullMarked;
