package dev.everwire.it.rpc;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** JSON as tests write and compare it. */
final class Json {
  static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /**
   * @param json with ' for "
   */
  static JsonNode of(String json) {
    return MAPPER.readTree(json.replace('\'', '"'));
  }

  /** What a library gave, quotes as they are. */
  static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }

  static JsonNode value(Object value) {
    return MAPPER.valueToTree(value);
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static JsonNode object(Map<String, ?> members) {
    return value(members);
  }
}
