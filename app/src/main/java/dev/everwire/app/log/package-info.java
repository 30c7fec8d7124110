/**
 * What the program logs. Start at {@link dev.everwire.app.log.Logs}; the level and the layout that
 * hold before somebody says otherwise are in {@code logback.xml}.
 */
@NullMarked
package dev.everwire.app.log;

import org.jspecify.annotations.NullMarked;
