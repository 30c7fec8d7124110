package dev.everwire.config.internal.publish;

import dev.everwire.config.internal.catalogue.Catalogue.Item;
import dev.everwire.config.internal.catalogue.Catalogue.Member;
import dev.everwire.config.internal.catalogue.Catalogue.Section;
import dev.everwire.config.internal.catalogue.Leaf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tree as JSON Schema 2020-12, for editors. */
public final class Schema {
  private Schema() {}

  /**
   * @param presets names of those there are
   */
  public static String write(Section root, List<String> presets) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Configuration of an Everwire server");
    schema.putAll(section(root, presets));
    return Json.write(schema);
  }

  private static Map<String, Object> section(Section section, List<String> presets) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Member member : section.members()) {
      properties.put(
          member.name(),
          switch (member) {
            case Section below -> section(below, presets);
            case Item(Leaf leaf) ->
                leaf.path().equals("preset") ? preset(leaf, presets) : leaf.schema();
          });
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    if (!section.doc().isEmpty()) {
      schema.put("description", section.doc());
    }
    schema.put("type", section.path().isEmpty() ? "object" : List.of("object", "null"));
    schema.put("properties", properties);
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> preset(Leaf leaf, List<String> presets) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", leaf.doc());
    schema.put("enum", presets);
    return schema;
  }
}
