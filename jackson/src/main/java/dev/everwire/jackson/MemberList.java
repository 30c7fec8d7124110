package dev.everwire.jackson;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.ser.BeanPropertyWriter;

/**
 * The members of an object: those that are written, and those that are only read. A member is
 * required unless it is an Optional, marked as nullable, or left out when it is empty.
 */
final class MemberList extends JsonObjectFormatVisitor.Base {
  private static final Set<Class<?>> OPTIONAL =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private final SchemaBook book;
  private final JavaType owner;
  private final Map<String, Object> object;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();
  private final Map<String, BeanPropertyDefinition> read = new LinkedHashMap<>();

  MemberList(SchemaBook book, JavaType owner, Map<String, Object> object) {
    super(book.context());
    this.book = book;
    this.owner = owner;
    object.put("properties", properties);
    this.object = object;
    readable().forEach(member -> read.put(member.getName(), member));
  }

  /** All that are written were told. */
  void end() {
    read.forEach((name, member) -> {
      if (!properties.containsKey(name)) {
        properties.put(name, Tree.with(book.of(member.getPrimaryType()), "writeOnly", true));
      }
    });
    if (!required.isEmpty()) {
      object.put("required", required);
    }
  }

  private List<BeanPropertyDefinition> readable() {
    if (owner.isAbstract() || owner.isInterface()) {
      return List.of();
    }
    DeserializationConfig config = book.mapper().deserializationConfig();
    ClassIntrospector introspector = config.classIntrospectorInstance();
    BeanDescription description =
        introspector.introspectForDeserialization(
            owner, introspector.introspectClassAnnotations(owner));
    if (anywhere(description, this::unwrapped).findAny().isPresent()) {
      return List.of(); // names alone do not tell what is read
    }
    List<String> ignored = anywhere(description, this::ignored).map(Annotated::getName).toList();
    return description.findProperties().stream()
        .filter(BeanPropertyDefinition::couldDeserialize)
        .filter(member -> !ignored.contains(member.getInternalName()))
        .toList();
  }

  /** Fields and methods that are so. */
  private static Stream<AnnotatedMember> anywhere(
      BeanDescription description, Predicate<AnnotatedMember> so) {
    AnnotatedClass type = description.getClassInfo();
    return Stream.concat(
            StreamSupport.stream(type.fields().spliterator(), false),
            StreamSupport.stream(type.memberMethods().spliterator(), false))
        .filter(so);
  }

  private boolean unwrapped(AnnotatedMember member) {
    DeserializationConfig config = book.mapper().deserializationConfig();
    return config.getAnnotationIntrospector().findUnwrappingNameTransformer(config, member) != null;
  }

  private boolean ignored(AnnotatedMember member) {
    DeserializationConfig config = book.mapper().deserializationConfig();
    return config.getAnnotationIntrospector().hasIgnoreMarker(config, member);
  }

  @Override
  public void property(BeanProperty member) {
    add(member, true);
  }

  @Override
  public void optionalProperty(BeanProperty member) {
    add(member, false);
  }

  @Override
  public void property(String name, @Nullable JsonFormatVisitable handler, JavaType type) {
    optionalProperty(name, handler, type);
    required.add(name);
  }

  @Override
  public void optionalProperty(String name, @Nullable JsonFormatVisitable handler, JavaType type) {
    properties.put(name, book.of(handler instanceof ValueSerializer<?> known ? known : null, type));
  }

  private void add(BeanProperty member, boolean demanded) {
    JavaType type = member.getType();
    boolean nullable = nullable(member);
    boolean leftOut = member instanceof BeanPropertyWriter writer && suppresses(writer);
    boolean written = !read.isEmpty() && !read.containsKey(member.getName());
    Map<String, Object> schema = book.of(serializer(member), type);
    if (nullable) {
      schema = Tree.nullable(schema);
    }
    schema = Tree.with(schema, "description", description(member));
    if (written) {
      schema = Tree.with(schema, "readOnly", true);
    }
    properties.put(member.getName(), schema);
    if (demanded || !(nullable || leftOut || written || OPTIONAL.contains(type.getRawClass()))) {
      required.add(member.getName());
    }
  }

  private ValueSerializer<Object> serializer(BeanProperty member) {
    ValueSerializer<Object> own =
        member instanceof BeanPropertyWriter writer ? writer.getSerializer() : null;
    return own == null
        ? book.context().findPrimaryPropertySerializer(member.getType(), member)
        : own;
  }

  /** Whether there are values with which it is not written. */
  private boolean suppresses(BeanPropertyWriter writer) {
    if (writer.willSuppressNulls()) {
      return true;
    }
    JsonInclude.Value inclusion =
        writer.findPropertyInclusion(book.mapper().serializationConfig(), owner.getRawClass());
    return switch (inclusion.getValueInclusion()) {
      case NON_NULL, NON_ABSENT, NON_EMPTY, NON_DEFAULT, CUSTOM -> true;
      case ALWAYS, USE_DEFAULTS -> false;
    };
  }

  private @Nullable String description(BeanProperty member) {
    String annotated = member.getMetadata().getDescription();
    return annotated != null || member.getMember() == null
        ? annotated
        : book.docs().member(member.getMember().getDeclaringClass(), javaName(member));
  }

  /** What it is called in the source: {@code getRate()} is {@code rate}. */
  private static String javaName(BeanProperty member) {
    String name = member.getMember().getName();
    if (member.getMember().getDeclaringClass().isRecord()
        || !(member.getMember().getMember() instanceof Method)) {
      return name;
    }
    String bare = name.replaceFirst("^(get|is)(?=[A-Z])", "");
    return bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1);
  }

  /** Marked by anybody's {@code @Nullable}, on the member or on its type. */
  private static boolean nullable(BeanProperty member) {
    Member java = member.getMember() == null ? null : member.getMember().getMember();
    AnnotatedType type =
        switch (java) {
          case Method method -> method.getAnnotatedReturnType();
          case Field field -> field.getAnnotatedType();
          case null, default -> null;
        };
    return type != null && (marked(type) || (java instanceof AnnotatedElement el && marked(el)));
  }

  private static boolean marked(AnnotatedElement element) {
    for (Annotation annotation : element.getAnnotations()) {
      if (annotation.annotationType().getSimpleName().equals("Nullable")) {
        return true;
      }
    }
    return false;
  }
}
