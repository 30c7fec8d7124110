package dev.everwire.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * A type of which several others may stand in its place: sealed, or with Jackson's type
 * information. Each member is described as it is really written.
 */
final class Family {
  private final SchemaBook book;
  private final JavaType type;
  private final @Nullable TypeSerializer written;

  Family(SchemaBook book, JavaType type) {
    this.book = book;
    this.type = type;
    this.written = book.context().findTypeSerializer(type);
  }

  /** Null if the type stands for itself alone. */
  @Nullable Map<String, Object> schema() {
    List<Class<?>> members = new ArrayList<>();
    if (written == null) {
      leaves(type.getRawClass(), members);
      return members.isEmpty() || concrete(type.getRawClass()) ? null : unmarked(members);
    }
    for (NamedType subtype : subtypes()) {
      Class<?> member = subtype.getType();
      // Annotations are inherited, so a member hears of its brothers, too.
      if (concrete(member)
          && type.getRawClass().isAssignableFrom(member)
          && !members.contains(member)) {
        members.add(member);
      }
    }
    if (members.isEmpty()) {
      return null;
    }
    return members.equals(List.of(type.getRawClass())) ? alone(written) : marked(written, members);
  }

  private Iterable<NamedType> subtypes() {
    return book.mapper()
        .serializationConfig()
        .getSubtypeResolver()
        .collectAndResolveSubtypesByTypeId(
            book.mapper().serializationConfig(), book.context().introspectClassAnnotations(type));
  }

  /** Nothing in the JSON tells which one it is. */
  private Map<String, Object> unmarked(List<Class<?>> members) {
    Map<String, Object> any = Tree.anything();
    Map<String, Object> reference = book.name(type, any);
    any.put("anyOf", members.stream().map(member -> book.of(special(member))).toList());
    return reference;
  }

  private Map<String, Object> marked(TypeSerializer info, List<Class<?>> members) {
    Map<String, Object> one = Tree.anything();
    Map<String, Object> reference = book.name(type, one);
    List<Object> choices = new ArrayList<>();
    Map<String, Object> mapping = new LinkedHashMap<>();
    for (Class<?> member : members) {
      Map<String, Object> choice =
          member.equals(type.getRawClass())
              ? mark(info, member, content(type, false))
              : book.of(special(member));
      choices.add(choice);
      if (choice.get("$ref") instanceof String target) {
        mapping.put(id(info, member), target);
      }
    }
    one.put("oneOf", choices);
    if (property(info)) {
      Map<String, Object> discriminator = new LinkedHashMap<>();
      discriminator.put("propertyName", info.getPropertyName());
      discriminator.put("mapping", mapping);
      one.put("discriminator", discriminator);
    }
    return reference;
  }

  /** One member of a family. */
  private Map<String, Object> alone(TypeSerializer info) {
    if (property(info)) {
      Map<String, Object> schema = Tree.anything();
      Map<String, Object> reference = book.name(type, schema);
      mark(info, type.getRawClass(), content(type, false)).forEach(schema::putIfAbsent);
      return reference;
    }
    return mark(info, type.getRawClass(), content(type, true));
  }

  private Map<String, Object> content(JavaType of, boolean nameable) {
    ValueSerializer<Object> serializer = book.context().findValueSerializer(of);
    return book.plain(serializer, of, nameable);
  }

  /** Adds what tells that it is this one. */
  private Map<String, Object> mark(
      TypeSerializer info, Class<?> member, Map<String, Object> content) {
    String id = id(info, member);
    return switch (info.getTypeInclusion()) {
      case PROPERTY, EXISTING_PROPERTY, EXTERNAL_PROPERTY -> {
        Map<String, Object> marked = new LinkedHashMap<>(content);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(info.getPropertyName(), Tree.of("const", id));
        List<Object> required = new ArrayList<>(List.of(info.getPropertyName()));
        if (content.get("properties") instanceof Map<?, ?> own) {
          own.forEach((name, schema) ->
              properties.putIfAbsent(String.valueOf(name), Objects.requireNonNull(schema)));
        }
        if (content.get("required") instanceof List<?> own) {
          own.stream().filter(name -> !required.contains(name)).forEach(required::add);
        }
        marked.put("type", "object");
        marked.put("properties", properties);
        marked.put("required", required);
        yield marked;
      }
      case WRAPPER_OBJECT -> {
        Map<String, Object> wrapper = Tree.type("object");
        wrapper.put("properties", Map.of(id, content));
        wrapper.put("required", List.of(id));
        wrapper.put("additionalProperties", false);
        yield wrapper;
      }
      case WRAPPER_ARRAY -> {
        Map<String, Object> wrapper = Tree.type("array");
        wrapper.put("items", List.of(Tree.of("const", id), content));
        wrapper.put("minItems", 2);
        wrapper.put("maxItems", 2);
        yield wrapper;
      }
      case NOTHING -> content;
    };
  }

  private String id(TypeSerializer info, Class<?> member) {
    return info.getTypeIdResolver().idFromValueAndType(book.context(), null, member);
  }

  private JavaType special(Class<?> member) {
    return book.context().constructSpecializedType(type, member);
  }

  private static boolean property(TypeSerializer info) {
    return info.getTypeInclusion() == JsonTypeInfo.As.PROPERTY
        || info.getTypeInclusion() == JsonTypeInfo.As.EXISTING_PROPERTY;
  }

  private static boolean concrete(Class<?> type) {
    return !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
  }

  private static void leaves(Class<?> type, List<Class<?>> into) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (permitted != null) {
      for (Class<?> member : permitted) {
        if (concrete(member) && !into.contains(member)) {
          into.add(member);
        }
        leaves(member, into);
      }
    }
  }
}
