package dev.everwire.protocol.codec;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonScanner;
import dev.everwire.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object as a message. First it notes where the envelope's members stand, in
 * whatever order, then it judges; so a mistake is answered with the id even when the id comes last.
 */
final class EnvelopeReader {
  static final int MAX_ID = 256;
  static final int MAX_METHOD = 256;

  // A UTF-16 unit takes at most three bytes of UTF-8, or six as an escape.
  private static final int MAX_BYTES_PER_CHAR = 6;

  private static final int JSONRPC = 0;
  private static final int ID = 1;
  private static final int METHOD = 2;
  private static final int PARAMS = 3;
  private static final int RESULT = 4;
  private static final int ERROR = 5;
  private static final byte[][] NAMES = {
    JsonRpcCodec.ascii("jsonrpc"),
    JsonRpcCodec.ascii("id"),
    JsonRpcCodec.ascii("method"),
    JsonRpcCodec.ascii("params"),
    JsonRpcCodec.ascii("result"),
    JsonRpcCodec.ascii("error")
  };
  private static final byte[] VERSION = JsonRpcCodec.ascii("\"2.0\"");

  private final byte[] text;
  private final boolean own; // nobody changes the text any more
  // Where the value of each of NAMES begins and ends; an end of 0 says that it is absent.
  private final int[] begins = new int[NAMES.length];
  private final int[] ends = new int[NAMES.length];

  private EnvelopeReader(byte[] text, boolean own) {
    this.text = text;
    this.own = own;
  }

  /**
   * @param scanner in front of an object in this text; left right behind it
   * @param own whether what is kept may stand in the text itself, else it is copied
   * @throws JsonException if the text is not JSON, or has a member of the envelope twice
   */
  static Message read(JsonScanner scanner, byte[] text, boolean own) {
    EnvelopeReader envelope = new EnvelopeReader(text, own);
    envelope.scan(scanner);
    return envelope.message();
  }

  /** A member of a batch that is not even an object. */
  static Message malformed(String detail) {
    return malformed(RequestId.NULL, detail, false);
  }

  private static Message malformed(RequestId id, String detail, boolean response) {
    return new Message.Malformed(
        id, Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: " + detail), response);
  }

  private void scan(JsonScanner scanner) {
    scanner.beginObject();
    while (scanner.member()) {
      int name = scanner.nameAmong(NAMES);
      if (name >= 0 && has(name)) {
        // Two readers may disagree about which one counts, so neither does.
        throw new JsonException("two members of the envelope have the same name");
      }
      int begin = scanner.position();
      scanner.skipValue();
      if (name >= 0) {
        begins[name] = begin;
        ends[name] = scanner.position();
      }
    }
  }

  private Message message() {
    boolean response = !has(METHOD) && (has(RESULT) || has(ERROR));
    RequestId id = RequestId.NULL;
    if (has(ID)) {
      RequestId given = id();
      if (given == null) {
        String detail = "id: expected null, a number or a string, at most 256 characters";
        return malformed(id, detail, response);
      }
      id = given;
    }
    if (!version()) {
      return malformed(id, "jsonrpc: expected \"2.0\"", response);
    }
    return response ? response(id) : call(id);
  }

  private Message call(RequestId id) {
    if (!has(METHOD)) {
      return new Message.Malformed(id, Message.Malformed.EMPTY, false);
    }
    String method = method();
    if (method == null) {
      return malformed(id, "method: expected a string of 1-256 characters", false);
    }
    if (has(RESULT) || has(ERROR)) {
      return malformed(id, "expected no result or error beside a method", false);
    }
    RawJson params = null;
    if (has(PARAMS) && first(PARAMS) != 'n') {
      if (first(PARAMS) != '{' && first(PARAMS) != '[') {
        return malformed(id, "params: expected an array or an object", false);
      }
      params = slice(PARAMS);
    }
    return has(ID)
        ? new Message.Request(id, method, params)
        : new Message.Notification(method, params);
  }

  private Message response(RequestId id) {
    if (!has(ID)) {
      return malformed(id, "id: missing", true);
    }
    if (has(RESULT) && has(ERROR)) {
      return malformed(id, "expected either result or error", true);
    }
    if (has(RESULT)) {
      return new Message.Success(id, first(RESULT) == 'n' ? RawJson.NULL : slice(RESULT));
    }
    try {
      JsonMembers error = slice(ERROR).members();
      long code = error.integer("code");
      if (code != (int) code) {
        return malformed(id, "error: code: expected 32 bits", true);
      }
      return new Message.Failure(
          id, new Fault((int) code, error.string("message"), error.get("data")));
    } catch (JsonException e) {
      return malformed(id, "error: " + e.getMessage(), true);
    }
  }

  private boolean has(int name) {
    return ends[name] != 0;
  }

  private byte first(int name) {
    return text[begins[name]];
  }

  private boolean version() {
    if (!has(JSONRPC)) {
      return false;
    }
    if (Arrays.equals(text, begins[JSONRPC], ends[JSONRPC], VERSION, 0, VERSION.length)) {
      return true;
    }
    return "2.0".equals(string(JSONRPC, 3));
  }

  /** The id as it stands in the text; null if it is of a wrong type or too long. */
  private @Nullable RequestId id() {
    byte first = first(ID);
    int length = ends[ID] - begins[ID];
    if (first == 'n') {
      return RequestId.NULL;
    }
    if (first == '{'
        || first == '['
        || first == 't'
        || first == 'f'
        || length > MAX_BYTES_PER_CHAR * MAX_ID) {
      return null;
    }
    String literal = new String(text, begins[ID], length, StandardCharsets.UTF_8);
    return literal.length() > MAX_ID ? null : new RequestId(literal);
  }

  private @Nullable String method() {
    String method = string(METHOD, MAX_METHOD);
    return method == null || method.isEmpty() ? null : method;
  }

  /** The content of a string; null if it is none or longer than so many characters. */
  private @Nullable String string(int name, int maxLength) {
    int length = ends[name] - begins[name];
    if (first(name) != '"' || length - 2 > MAX_BYTES_PER_CHAR * maxLength) {
      return null;
    }
    String content = JsonScanner.decode(text, begins[name] + 1, ends[name] - 1);
    return content.length() > maxLength ? null : content;
  }

  private RawJson slice(int name) {
    return own
        ? RawJson.trusted(text, begins[name], ends[name])
        : RawJson.trusted(Arrays.copyOfRange(text, begins[name], ends[name]));
  }
}
