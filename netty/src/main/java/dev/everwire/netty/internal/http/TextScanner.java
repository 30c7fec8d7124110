package dev.everwire.netty.internal.http;

import org.jspecify.annotations.Nullable;

/** Reads a value from left to right, by the parts that HTTP's grammars share. */
final class TextScanner {
  private final String text;
  private int at;

  TextScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  boolean skipWithBlanks(char c) {
    skipBlanks();
    if (!skip(c)) {
      return false;
    }
    skipBlanks();
    return true;
  }

  /** Empty if there is none here. */
  String token() {
    int from = at;
    while (at < text.length() && FieldNames.isTokenCharacter(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  /**
   * A token or what quotes stand around (RFC 9110 section 5.6.4), in ASCII; null if neither is
   * here.
   */
  @Nullable String value() {
    if (!skip('"')) {
      String token = token();
      return token.isEmpty() ? null : token;
    }
    var quoted = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return quoted.toString();
      }
      if (c == '\\') {
        if (atEnd()) {
          return null;
        }
        c = text.charAt(at++);
      }
      if (c > 0x7F) {
        return null;
      }
      quoted.append(c);
    }
    return null;
  }

  private void skipBlanks() {
    while (skip(' ') || skip('\t')) {
      // all of them
    }
  }
}
