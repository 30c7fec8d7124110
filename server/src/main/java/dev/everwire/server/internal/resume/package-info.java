/**
 * Signed tokens with which a session is taken up again. Start at {@link
 * dev.everwire.server.internal.resume.ResumeTokens}; {@code Claims} is what they say, {@code
 * Verdict} what comes of one.
 */
@NullMarked
package dev.everwire.server.internal.resume;

import org.jspecify.annotations.NullMarked;
