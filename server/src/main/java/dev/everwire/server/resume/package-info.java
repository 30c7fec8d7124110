/**
 * How long a lost session is kept and what its tokens are signed with. Start at {@link
 * dev.everwire.server.resume.ResumeSettings}.
 */
@NullMarked
package dev.everwire.server.resume;

import org.jspecify.annotations.NullMarked;
