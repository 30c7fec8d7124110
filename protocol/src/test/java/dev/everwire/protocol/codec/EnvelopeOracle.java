package dev.everwire.protocol.codec;

import dev.everwire.protocol.json.Oracle;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a text is by the rules of section 1 of the protocol, read by Jackson: a line for each
 * message, told in a form that does not depend on our classes.
 */
final class EnvelopeOracle {
  static final String PARSE_ERROR = "unreadable -32700";
  static final String INVALID = "unreadable -32600";

  private static final Set<String> MEMBERS =
      Set.of("jsonrpc", "id", "method", "params", "result", "error");
  private static final int LONGEST_INT = 11;

  private final String text;
  private final JsonParser parser;

  private EnvelopeOracle(String text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /** One value of a member: its kind, its text, and its content if it is a string. */
  private record Value(JsonToken token, String text, @Nullable String content) {
    boolean is(JsonToken kind) {
      return token == kind;
    }
  }

  static List<String> read(byte[] utf8, int maxDepth) {
    String text = Oracle.characters(utf8);
    if (text == null) {
      return List.of(PARSE_ERROR);
    }
    try (JsonParser parser = Oracle.parser(text, maxDepth)) {
      List<String> told = new EnvelopeOracle(text, parser).frame();
      return parser.nextToken() == null ? told : List.of(PARSE_ERROR);
    } catch (JacksonException e) {
      return List.of(PARSE_ERROR);
    }
  }

  private List<String> frame() {
    switch (parser.nextToken()) {
      case null -> {
        return List.of(PARSE_ERROR);
      }
      case START_OBJECT -> {
        return List.of(message());
      }
      case START_ARRAY -> {
        List<String> messages = new ArrayList<>();
        boolean doubled = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          if (parser.currentToken() == JsonToken.START_OBJECT) {
            String message = message();
            doubled |= message.equals(PARSE_ERROR);
            messages.add(message);
          } else {
            value();
            messages.add(malformed("null", false));
          }
        }
        if (doubled) {
          return List.of(PARSE_ERROR);
        }
        return messages.isEmpty() ? List.of(INVALID) : messages;
      }
      default -> {
        value();
        return List.of(INVALID);
      }
    }
  }

  private String message() {
    Map<String, Value> envelope = new HashMap<>();
    boolean doubled = false;
    @Nullable String error = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      boolean object = parser.currentToken() == JsonToken.START_OBJECT;
      if (name.equals("error") && object) {
        int begin = begin();
        error = error();
        doubled |=
            envelope.put(name, new Value(JsonToken.START_OBJECT, slice(begin), null)) != null;
        continue;
      }
      Value value = value();
      if (MEMBERS.contains(name)) {
        doubled |= envelope.put(name, value) != null;
      }
    }
    return doubled ? PARSE_ERROR : message(envelope, error);
  }

  private static String message(Map<String, Value> envelope, @Nullable String error) {
    boolean response =
        !envelope.containsKey("method")
            && (envelope.containsKey("result") || envelope.containsKey("error"));
    Value given = envelope.get("id");
    String id = given == null ? "null" : id(given);
    if (id == null) {
      return malformed("null", response);
    }
    Value version = envelope.get("jsonrpc");
    if (version == null || !"2.0".equals(version.content())) {
      return malformed(id, response);
    }
    return response ? response(id, envelope, error) : call(id, envelope);
  }

  private static String call(String id, Map<String, Value> envelope) {
    Value method = envelope.get("method");
    Value params = envelope.get("params");
    if (method == null || method.content() == null || !between(1, 256, method.content())) {
      return malformed(id, false);
    }
    if (envelope.containsKey("result") || envelope.containsKey("error")) {
      return malformed(id, false);
    }
    if (params == null || params.is(JsonToken.VALUE_NULL)) {
      params = null;
    } else if (!params.is(JsonToken.START_OBJECT) && !params.is(JsonToken.START_ARRAY)) {
      return malformed(id, false);
    }
    String call = method.content() + " " + (params == null ? "-" : params.text());
    return envelope.containsKey("id") ? "request " + id + " " + call : "notification " + call;
  }

  private static String response(String id, Map<String, Value> envelope, @Nullable String error) {
    Value result = envelope.get("result");
    if (!envelope.containsKey("id") || (result != null && envelope.containsKey("error"))) {
      return malformed(id, true);
    }
    if (result != null) {
      return "success " + id + " " + result.text();
    }
    return error == null ? malformed(id, true) : "failure " + id + " " + error;
  }

  /** Reads an error's object; null if it is none that may be. */
  private @Nullable String error() {
    Map<String, Value> members = new HashMap<>();
    Set<String> names = new HashSet<>();
    boolean doubled = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      doubled |= !names.add(name);
      parser.nextToken();
      members.put(name, value());
    }
    Value code = members.get("code");
    Value message = members.get("message");
    Value data = members.get("data");
    if (doubled
        || code == null
        || !code.is(JsonToken.VALUE_NUMBER_INT)
        || code.text().length() > LONGEST_INT
        || new BigInteger(code.text()).bitLength() > 31
        || message == null
        || message.content() == null) {
      return null;
    }
    String rest = data == null || data.is(JsonToken.VALUE_NULL) ? "-" : data.text();
    return new BigInteger(code.text()) + " " + message.content() + " " + rest;
  }

  private static @Nullable String id(Value id) {
    return switch (id.token()) {
      case VALUE_NULL -> "null";
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          between(1, 256, id.text()) ? id.text() : null;
      default -> null;
    };
  }

  static String malformed(String id, boolean response) {
    return "malformed " + id + " -32600 " + response;
  }

  private static boolean between(int from, int to, String text) {
    return text.length() >= from && text.length() <= to;
  }

  /** The value at whose first token the parser stands, which is read to its end. */
  private Value value() {
    JsonToken token = parser.currentToken();
    int begin = begin();
    String content = token == JsonToken.VALUE_STRING ? parser.getString() : null;
    parser.skipChildren();
    parser.finishToken();
    return new Value(token, slice(begin), content);
  }

  private int begin() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private String slice(int begin) {
    return text.substring(begin, (int) parser.currentLocation().getCharOffset());
  }
}
