package dev.everwire.server.internal.session;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The names of the programs that say hello, {@code name/version}. Most connections have one of few,
 * so each is held once, as long as there are few. Safe from any thread.
 */
final class Agents {
  private static final int MOST = 256;
  private static final int LONGEST = 64;

  private final ConcurrentMap<String, String> known = new ConcurrentHashMap<>();

  /** Empty if it has no name; never longer than {@value #LONGEST} characters. */
  String of(String name, String version) {
    String whole = name.isEmpty() || version.isEmpty() ? name : name + "/" + version;
    String text = whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole;
    if (text.isEmpty()) {
      return "";
    }
    String held = known.get(text);
    if (held != null) {
      return held;
    }
    if (known.size() < MOST) {
      known.putIfAbsent(text, text);
    }
    return text;
  }
}
