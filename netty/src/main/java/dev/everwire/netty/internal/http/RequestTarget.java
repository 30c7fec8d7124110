package dev.everwire.netty.internal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request line asks for (RFC 9112 section 3.2).
 *
 * @param path decoded, without the query; {@code *} for the server itself
 * @param query first value of each parameter, decoded; immutable
 * @param authority of a target in absolute form, which counts instead of Host, or null
 */
record RequestTarget(String path, Map<String, String> query, @Nullable String authority) {
  private static final int MAX_PARAMETERS = 100;

  /** Reads a target of visible ASCII characters; null if it is not valid for the method. */
  static @Nullable RequestTarget parse(String method, String target) {
    if (target.startsWith("/")) {
      return origin(target, 0, null);
    }
    if (target.equals("*")) {
      return method.equals("OPTIONS") ? new RequestTarget("*", Map.of(), null) : null;
    }
    int scheme = schemeLength(target);
    if (scheme == 0) {
      return null;
    }
    int end = scheme;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    String authority = target.substring(scheme, end);
    return HostName.isValid(authority) ? origin(target, end, authority) : null;
  }

  private static int schemeLength(String target) {
    for (String scheme : new String[] {"http://", "https://"}) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return 0;
  }

  private static @Nullable RequestTarget origin(
      String target, int from, @Nullable String authority) {
    int question = target.indexOf('?', from);
    String path = decode(target, from, question < 0 ? target.length() : question, false);
    if (path == null || hasControls(path)) {
      return null;
    }
    Map<String, String> query = question < 0 ? Map.of() : query(target, question + 1);
    return query == null ? null : new RequestTarget(path.isEmpty() ? "/" : path, query, authority);
  }

  private static @Nullable Map<String, String> query(String target, int begin) {
    Map<String, String> query = new HashMap<>();
    int parameters = 0;
    int from = begin;
    while (from < target.length()) {
      int and = target.indexOf('&', from);
      int to = and < 0 ? target.length() : and;
      if (to > from) {
        int equals = target.indexOf('=', from);
        int nameEnd = equals < 0 || equals > to ? to : equals;
        String name = decode(target, from, nameEnd, true);
        String value = decode(target, Math.min(nameEnd + 1, to), to, true);
        if (name == null || value == null || ++parameters > MAX_PARAMETERS) {
          return null;
        }
        query.putIfAbsent(name, value);
      }
      from = to + 1;
    }
    return Map.copyOf(query);
  }

  /** Null if an escape is broken or what it stands for is not UTF-8. */
  private static @Nullable String decode(String text, int from, int to, boolean plusIsSpace) {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      plain = text.charAt(i) != '%' && !(plusIsSpace && text.charAt(i) == '+');
    }
    if (plain) {
      return text.substring(from, to);
    }
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 3 <= to ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 3 <= to ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean hasControls(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) < ' ' || path.charAt(i) == 0x7F) {
        return true;
      }
    }
    return false;
  }
}
