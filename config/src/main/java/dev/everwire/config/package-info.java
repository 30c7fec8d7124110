/**
 * Everything that can be set on a standalone server, as one tree. Start at {@link
 * dev.everwire.config.Config}; {@link dev.everwire.config.ConfigLoader} reads it from a file and
 * the environment, {@link dev.everwire.config.Configured} makes a server of it.
 */
@NullMarked
package dev.everwire.config;

import org.jspecify.annotations.NullMarked;
