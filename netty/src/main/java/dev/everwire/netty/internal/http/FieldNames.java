package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Header names in lower case, read from bytes. One string stands for each of the usual names, so
 * that reading them makes none and they can be told apart by identity.
 */
final class FieldNames {
  static final String AUTHORIZATION = "authorization";
  static final String CONNECTION = "connection";
  static final String CONTENT_LENGTH = "content-length";
  static final String EXPECT = "expect";
  static final String FORWARDED = "forwarded";
  static final String HOST = "host";
  static final String ORIGIN = "origin";
  static final String TRANSFER_ENCODING = "transfer-encoding";
  static final String UPGRADE = "upgrade";
  static final String WEBSOCKET_EXTENSIONS = "sec-websocket-extensions";
  static final String WEBSOCKET_KEY = "sec-websocket-key";
  static final String WEBSOCKET_PROTOCOL = "sec-websocket-protocol";
  static final String WEBSOCKET_VERSION = "sec-websocket-version";
  static final String X_FORWARDED_FOR = "x-forwarded-for";

  private static final String[] USUAL = {
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    FORWARDED,
    HOST,
    TRANSFER_ENCODING,
    UPGRADE,
    WEBSOCKET_EXTENSIONS,
    WEBSOCKET_KEY,
    WEBSOCKET_PROTOCOL,
    WEBSOCKET_VERSION,
    X_FORWARDED_FOR,
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-type",
    "cookie",
    "dnt",
    "if-modified-since",
    "if-none-match",
    ORIGIN,
    "pragma",
    "priority",
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "te",
    "traceparent",
    "tracestate",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
  };

  /** The lower case of each character of a token (RFC 9110 section 5.6.2), 0 for all others. */
  private static final byte[] LOWER = lower();

  private static final int SLOTS = 256; // few of them full, so that most searches end at once
  private static final @Nullable String[] TABLE = table();

  private FieldNames() {}

  /** The name in lower case, or null if it is empty or no token. */
  static @Nullable String lowerCase(byte[] bytes, int from, int to) {
    int hash = 0; // as String.hashCode
    for (int i = from; i < to; i++) {
      byte lower = LOWER[bytes[i] & 0xFF];
      if (lower == 0) {
        return null;
      }
      hash = 31 * hash + lower;
    }
    if (from >= to) {
      return null;
    }
    for (int slot = slot(hash); ; slot = (slot + 1) % SLOTS) {
      String usual = TABLE[slot];
      if (usual == null) {
        return made(bytes, from, to);
      }
      if (usual.hashCode() == hash && matches(usual, bytes, from, to)) {
        return usual;
      }
    }
  }

  /** Whether a byte may be part of a token, such as a method or the name of a subprotocol. */
  static boolean isTokenByte(byte b) {
    return LOWER[b & 0xFF] != 0;
  }

  static boolean isTokenCharacter(char c) {
    return c < 0x80 && LOWER[c] != 0;
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean matches(String usual, byte[] bytes, int from, int to) {
    if (usual.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (usual.charAt(i - from) != LOWER[bytes[i] & 0xFF]) {
        return false;
      }
    }
    return true;
  }

  private static String made(byte[] bytes, int from, int to) {
    byte[] name = new byte[to - from];
    for (int i = from; i < to; i++) {
      name[i - from] = LOWER[bytes[i] & 0xFF];
    }
    return new String(name, ISO_8859_1);
  }

  private static byte[] lower() {
    byte[] lower = new byte[256];
    for (char c : "!#$%&'*+-.^_`|~0123456789".toCharArray()) {
      lower[c] = (byte) c;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      lower[c] = (byte) c;
      lower[c - 'a' + 'A'] = (byte) c;
    }
    return lower;
  }

  private static @Nullable String[] table() {
    @Nullable String[] table = new @Nullable String[SLOTS];
    for (String usual : USUAL) {
      int slot = slot(usual.hashCode());
      while (table[slot] != null) {
        slot = (slot + 1) % SLOTS;
      }
      table[slot] = usual;
    }
    return table;
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1;
  }
}
