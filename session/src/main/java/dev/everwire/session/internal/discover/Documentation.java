package dev.everwire.session.internal.discover;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.session.contract.Doc;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** What people wrote about the types of a contract, as {@link Doc}. */
final class Documentation implements TypeSchemas.Docs {

  @Override
  public @Nullable String type(Class<?> type) {
    return text(type);
  }

  @Override
  public @Nullable String member(Class<?> type, String name) {
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        if (component.getName().equals(name)) {
          return text(component);
        }
      }
    }
    try {
      Field field = type.getDeclaredField(name);
      return text(field);
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  private static @Nullable String text(AnnotatedElement element) {
    Doc doc = element.getAnnotation(Doc.class);
    return doc == null ? null : doc.value();
  }
}
