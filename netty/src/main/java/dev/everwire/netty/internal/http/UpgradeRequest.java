package dev.everwire.netty.internal.http;

import dev.everwire.netty.internal.deflate.Negotiation;
import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.HttpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server asks of a request for a WebSocket (RFC 6455 section 4.2.1). */
public final class UpgradeRequest {
  public static final String VERSION = "13";

  private static final int KEY_CHARACTERS = 24; // 16 bytes as base64
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int UNUSED_BITS = 0xF; // of the last character of a key

  private UpgradeRequest() {}

  sealed interface Reading {}

  /**
   * A request that may be granted.
   *
   * @param subprotocols in the order of the offer
   */
  record Valid(String key, List<String> subprotocols, Negotiation.Answer compression)
      implements Reading {}

  record Invalid(HttpReply reply) implements Reading {}

  /** Whether a request asks for a WebSocket, well or badly. */
  static boolean isMeant(RequestHead head) {
    return head.fields().hasToken(FieldNames.UPGRADE, "websocket")
        && head.fields().hasToken(FieldNames.CONNECTION, "upgrade");
  }

  /**
   * Reads a request that {@link #isMeant}. A Content-Length of 0 is no body: some proxies add it.
   *
   * @param ours what may be agreed on, null for no compression
   */
  static Reading read(RequestHead head, @Nullable Compression ours) {
    Fields fields = head.fields();
    if (!head.method().equals("GET") || head.hasBody()) {
      return invalid("a WebSocket begins with GET and no body");
    }
    int versions = fields.count(FieldNames.WEBSOCKET_VERSION);
    if (versions > 1) {
      return invalid("Sec-WebSocket-Version is repeated");
    }
    if (!VERSION.equals(fields.first(FieldNames.WEBSOCKET_VERSION))) {
      return new Invalid(
          Replies.text(
              426,
              "WebSocket version 13 is spoken here",
              Map.of("sec-websocket-version", VERSION, "upgrade", "websocket")));
    }
    String key = fields.first(FieldNames.WEBSOCKET_KEY);
    if (key == null || fields.count(FieldNames.WEBSOCKET_KEY) > 1 || !isKey(key)) {
      return invalid("Sec-WebSocket-Key is not valid");
    }
    List<String> subprotocols = subprotocols(fields.all(FieldNames.WEBSOCKET_PROTOCOL));
    if (subprotocols == null) {
      return invalid("Sec-WebSocket-Protocol is not valid");
    }
    Negotiation.Answer compression =
        Negotiation.answer(fields.all(FieldNames.WEBSOCKET_EXTENSIONS), ours);
    return compression instanceof Negotiation.Malformed
        ? invalid("Sec-WebSocket-Extensions is not valid")
        : new Valid(key, subprotocols, compression);
  }

  private static Invalid invalid(String text) {
    return new Invalid(HttpReply.text(400, text));
  }

  /** Whether this is what 16 bytes are in base64, and nothing that also decodes to them. */
  private static boolean isKey(String key) {
    if (key.length() != KEY_CHARACTERS || !key.endsWith("==")) {
      return false;
    }
    int last = 0;
    for (int i = 0; i < KEY_CHARACTERS - 2; i++) {
      last = BASE64.indexOf(key.charAt(i));
      if (last < 0) {
        return false;
      }
    }
    return (last & UNUSED_BITS) == 0;
  }

  /** Null if one is no token or there twice. */
  private static @Nullable List<String> subprotocols(List<String> lines) {
    if (lines.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(2);
    for (String line : lines) {
      for (String name : Elements.of(line)) {
        if (!FieldNames.isToken(name) || names.contains(name)) {
          return null;
        }
        names.add(name);
      }
    }
    return names;
  }
}
