/**
 * The standalone server and the command line. Start at {@link dev.everwire.app.Main}; the commands
 * are in {@code cli}, the server is put together in {@code serve}.
 */
@NullMarked
package dev.everwire.app;

import org.jspecify.annotations.NullMarked;
