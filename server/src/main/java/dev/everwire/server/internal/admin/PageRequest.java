package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a long list is wanted.
 *
 * @param after what stood last on the page before; null for the first page
 */
record PageRequest(@Nullable String after, int limit) {
  private static final int MOST = 200;
  private static final int UNLESS_SAID = 100;

  /**
   * @throws JsonException naming the parameter that does not fit
   */
  static PageRequest read(@Nullable RawJson params) {
    if (params == null) {
      return new PageRequest(null, UNLESS_SAID);
    }
    JsonMembers members = params.members();
    long limit = members.integer("limit", UNLESS_SAID);
    if (limit < 1) {
      throw new JsonException("limit: expected at least 1");
    }
    return new PageRequest(members.stringOrNull("after"), (int) Math.min(limit, MOST));
  }
}
