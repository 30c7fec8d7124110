package dev.everwire.it.rpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a call ended for its caller. */
sealed interface Answer {
  /**
   * @param value {@link Json#NULL} for null
   */
  record Result(JsonNode value) implements Answer {}

  record Refused(int code, String message, @Nullable JsonNode data) implements Answer {}

  /** No answer will come. */
  record Lost(String why) implements Answer {}

  static Result result(String json) {
    return new Result(Json.of(json));
  }
}
