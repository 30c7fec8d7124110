package dev.everwire.protocol;

import dev.everwire.protocol.json.RawJson;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says as JSON Schema (draft 7) what values of a Java type look like when a {@link ValueCodec}
 * writes and reads them. Safe from any thread.
 */
public interface TypeSchemas {

  /** Knows no type: every schema is {@code {}}, which allows everything. */
  TypeSchemas UNKNOWN =
      docs ->
          new Book() {
            private static final RawJson ANYTHING = RawJson.parse("{}");

            @Override
            public RawJson schema(Type type) {
              return ANYTHING;
            }

            @Override
            public Map<String, RawJson> named() {
              return Map.of();
            }
          };

  /** Begins the schemas of one document. */
  Book open(Docs docs);

  /**
   * The schemas of one document. Types with members of their own, enums and families of types get a
   * name and are referred to, so that they may hold themselves. One thread at a time.
   */
  interface Book {
    /** Where the document has to put {@link #named}, as schemas refer to it. */
    String REFERENCE = "#/components/schemas/";

    /** Either a schema or a reference to a named one. {@code {}} for what cannot be described. */
    RawJson schema(Type type);

    /** What the schemas given so far refer to, by name, in the order in which it was met. */
    Map<String, RawJson> named();
  }

  /** What people wrote about types. */
  interface Docs {
    Docs NONE =
        new Docs() {
          @Override
          public @Nullable String type(Class<?> type) {
            return null;
          }

          @Override
          public @Nullable String member(Class<?> type, String name) {
            return null;
          }
        };

    /** Null if nothing is known. */
    @Nullable String type(Class<?> type);

    /**
     * Null if nothing is known.
     *
     * @param name of the record's component, the field or the property in Java
     */
    @Nullable String member(Class<?> type, String name);
  }
}
