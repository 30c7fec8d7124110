/**
 * What {@code serve --demo} adds: things to try and to test clients against. Start at {@link
 * dev.everwire.app.demo.Demo}; {@link dev.everwire.app.demo.RawEcho} is the echo on both ends.
 */
@NullMarked
package dev.everwire.app.demo;

import org.jspecify.annotations.NullMarked;
