package dev.everwire.session.internal.discover;

import dev.everwire.protocol.TypeSchemas;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Exposed;
import dev.everwire.session.Signature;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes an OpenRPC 1.3.2 document about methods. Says nothing that a caller does not need: where a
 * method runs and which class serves it stay here. One thread at a time.
 */
final class OpenRpc {
  private static final String VERSION = "1.3.2";
  private static final RawJson NOTHING = RawJson.parse("{\"type\":\"null\"}");
  private static final RawJson ANYTHING = RawJson.parse("{}");

  private final TypeSchemas.Book book;
  private final JsonWriter out = new JsonWriter();

  private OpenRpc(TypeSchemas.Book book) {
    this.book = book;
  }

  /**
   * @param title of the service
   * @param version of the service, not of this library
   */
  static RawJson document(
      String title, String version, Collection<Exposed> methods, TypeSchemas schemas) {
    return new OpenRpc(schemas.open(new Documentation())).write(title, version, methods);
  }

  private RawJson write(String title, String version, Collection<Exposed> methods) {
    out.beginObject().name("openrpc").value(VERSION).name("info").beginObject();
    out.name("title").value(title).name("version").value(version).endObject();
    out.name("methods").beginArray();
    methods.forEach(method ->
        method.signature().ifPresentOrElse(this::described, () -> undescribed(method.name())));
    out.endArray();
    Map<String, RawJson> named = book.named();
    if (!named.isEmpty()) {
      out.name("components").beginObject().name("schemas").beginObject();
      named.forEach((name, schema) -> out.name(name).value(schema));
      out.endObject().endObject();
    }
    return out.endObject().toRawJson();
  }

  /** Of a lambda nothing is known but its name. */
  private void undescribed(String name) {
    begin(name, "");
    out.name("params").beginArray().endArray();
    result("", ANYTHING, false);
    out.name("x-everwire-untyped").value(true).endObject();
  }

  private void described(Signature method) {
    begin(method.name(), method.doc());
    out.name("params").beginArray();
    method.parameters().forEach(this::parameter);
    out.endArray();
    method.result().ifPresent(result -> result(result.doc(), schema(result), result.streamed()));
    if (method.deprecated()) {
      out.name("deprecated").value(true);
    }
    errors(method.errors());
    examples(method);
    if (method.idempotent()) {
      out.name("x-everwire-idempotent").value(true);
    }
    out.endObject();
  }

  private void begin(String name, String doc) {
    out.beginObject().name("name").value(name);
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      out.name("tags").beginArray().beginObject().name("name").value(name.substring(0, dot));
      out.endObject().endArray();
    }
    doc(doc);
    out.name("paramStructure").value("either");
  }

  private void doc(String doc) {
    if (!doc.isEmpty()) {
      String summary = summary(doc);
      out.name("summary").value(summary);
      if (!summary.equals(doc)) {
        out.name("description").value(doc);
      }
    }
  }

  /** The first sentence. */
  private static String summary(String doc) {
    for (int i = 0; i < doc.length(); i++) {
      boolean last = i + 1 == doc.length();
      char c = doc.charAt(i);
      if (c == '\n' && !last && doc.charAt(i + 1) == '\n') {
        return doc.substring(0, i);
      }
      if (c == '.' && (last || Character.isWhitespace(doc.charAt(i + 1)))) {
        return doc.substring(0, i + 1);
      }
    }
    return doc;
  }

  private void parameter(Signature.Parameter parameter) {
    RawJson schema = book.schema(parameter.type());
    if (parameter.streamed()) {
      schema = SchemaText.listOf(schema);
    }
    if (!parameter.required()) {
      schema = SchemaText.nullable(schema);
    }
    if (parameter.defaultValue() != null) {
      schema = SchemaText.withDefault(schema, parameter.defaultValue());
    }
    out.beginObject().name("name").value(parameter.name());
    doc(parameter.doc());
    out.name("required").value(parameter.required()).name("schema").value(schema);
    if (parameter.streamed()) {
      out.name("x-everwire-stream").value(true);
    }
    out.endObject();
  }

  /** What somebody who knows no streams gets. */
  private RawJson schema(Signature.Result result) {
    if (result.type() == void.class || result.type() == Void.class) {
      return NOTHING;
    }
    RawJson schema = book.schema(result.type());
    if (result.streamed()) {
      return SchemaText.listOf(schema);
    }
    return result.nullable() ? SchemaText.nullable(schema) : schema;
  }

  private void result(String doc, RawJson schema, boolean streamed) {
    out.name("result").beginObject().name("name").value("result");
    doc(doc);
    out.name("schema").value(schema);
    if (streamed) {
      out.name("x-everwire-stream").value(true);
    }
    out.endObject();
  }

  private void errors(List<Signature.Failure> failures) {
    if (failures.isEmpty()) {
      return;
    }
    out.name("errors").beginArray();
    for (Signature.Failure failure : failures) {
      out.beginObject().name("code").value(failure.code());
      out.name("message").value(failure.message()).endObject();
    }
    out.endArray();
    // An error in OpenRPC has a place for data but none for what data may look like.
    Map<Integer, RawJson> data = new TreeMap<>();
    for (Signature.Failure failure : failures) {
      if (failure.data() != null) {
        data.put(failure.code(), book.schema(failure.data()));
      }
    }
    if (!data.isEmpty()) {
      out.name("x-everwire-error-data").beginObject();
      data.forEach((code, schema) -> out.name(code.toString()).value(schema));
      out.endObject();
    }
  }

  private void examples(Signature method) {
    if (method.examples().isEmpty()) {
      return;
    }
    out.name("examples").beginArray();
    int number = 0;
    for (Signature.Example example : method.examples()) {
      number++;
      out.beginObject().name("name");
      out.value(example.name().isEmpty() ? "example " + number : example.name());
      out.name("params").beginArray();
      if (example.params() != null) {
        values(example.params(), method.parameters());
      }
      out.endArray();
      if (example.result() != null && method.result().isPresent()) {
        value(out.name("result"), "result", example.result());
      }
      out.endObject();
    }
    out.endArray();
  }

  private void values(RawJson params, List<Signature.Parameter> declared) {
    if (params.kind() == RawJson.Kind.ARRAY) {
      List<RawJson> elements = params.elements();
      for (int i = 0; i < elements.size(); i++) {
        value(out, i < declared.size() ? declared.get(i).name() : "" + i, elements.get(i));
      }
    } else {
      JsonMembers members = params.members();
      for (String name : members.names()) {
        value(out, name, Objects.requireNonNullElse(members.get(name), RawJson.NULL));
      }
    }
  }

  private static void value(JsonWriter out, String name, RawJson value) {
    out.beginObject().name("name").value(name).name("value").value(value).endObject();
  }
}
