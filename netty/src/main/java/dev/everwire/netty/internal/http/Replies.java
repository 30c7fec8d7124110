package dev.everwire.netty.internal.http;

import dev.everwire.session.transport.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Refusals. */
final class Replies {
  private Replies() {}

  /** A short text, with headers that may say what it is. */
  static HttpReply text(int status, String text, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
    all.putIfAbsent("content-type", "text/plain; charset=utf-8");
    return new HttpReply(status, all, text.getBytes(StandardCharsets.UTF_8));
  }
}
