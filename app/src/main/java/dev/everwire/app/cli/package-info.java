/**
 * The commands, one class each. Start at {@link dev.everwire.app.cli.Root}, which lists them;
 * {@link dev.everwire.app.cli.ExitStatus} says how they end.
 */
@NullMarked
package dev.everwire.app.cli;

import org.jspecify.annotations.NullMarked;
