package dev.everwire.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells quickly that JSON text certainly has no member of some name, so that most text need not be
 * read for it: looks for the quoted name, at about every n-th byte where n is its length. A name
 * that the text spells with escapes is not seen. Immutable; safe from any thread.
 */
public final class NameHint {
  private final byte[] pattern;
  private final byte[] skips; // by the byte under the pattern's end: how far it can move on

  private NameHint(byte[] pattern) {
    this.pattern = pattern;
    this.skips = new byte[256];
    int last = pattern.length - 1;
    Arrays.fill(skips, (byte) pattern.length);
    for (int i = 0; i < last; i++) {
      skips[pattern[i] & 0xff] = (byte) (last - i);
    }
  }

  /**
   * @param name 1–100 ASCII characters that need no escape
   */
  public static NameHint of(String name) {
    boolean plain = name.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '\\');
    if (!plain || name.isEmpty() || name.length() > 100) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: 1-100 ASCII characters without escapes)");
    }
    return new NameHint(('"' + name + '"').getBytes(StandardCharsets.US_ASCII));
  }

  /** False if no member of this name is in there; true also where the text is some string's. */
  public boolean mayBeIn(RawJson json) {
    byte[] text = json.array();
    int end = json.offset() + json.length();
    int at = json.offset() + pattern.length - 1;
    while (at < end) {
      if (text[at] == '"' && ends(text, at)) {
        return true;
      }
      at += skips[text[at] & 0xff];
    }
    return false;
  }

  private boolean ends(byte[] text, int at) {
    int from = at - pattern.length + 1;
    return Arrays.equals(text, from, at + 1, pattern, 0, pattern.length);
  }
}
