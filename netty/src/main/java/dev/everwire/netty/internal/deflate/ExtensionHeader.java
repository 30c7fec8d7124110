package dev.everwire.netty.internal.deflate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Sec-WebSocket-Extensions} (RFC 6455 section 9.1): extensions parted by commas, their
 * parameters by semicolons, a value bare or quoted but in both forms a token. Blanks are allowed
 * around every separator and empty list elements are skipped (RFC 7230 section 7); all else that
 * the grammar does not know makes the whole header malformed. Names come out in lower case.
 */
final class ExtensionHeader {
  /** An extension as it was named, with its parameters in their order. */
  record Extension(String name, List<Parameter> parameters) {}

  record Parameter(String name, @Nullable String value) {}

  private final String text;
  private int at;

  private ExtensionHeader(String text) {
    this.text = text;
  }

  /**
   * @param lines the values of all lines of the header, in their order
   * @return null if they are malformed
   */
  static @Nullable List<Extension> read(List<String> lines) {
    return new ExtensionHeader(String.join(",", lines)).extensions();
  }

  private @Nullable List<Extension> extensions() {
    var extensions = new ArrayList<Extension>();
    do {
      skipBlanks();
      if (at < text.length() && text.charAt(at) != ',') {
        Extension extension = extension();
        if (extension == null) {
          return null;
        }
        extensions.add(extension);
      }
    } while (skip(','));
    return at == text.length() && !extensions.isEmpty() ? extensions : null;
  }

  private @Nullable Extension extension() {
    String name = name();
    if (name == null) {
      return null;
    }
    var parameters = new ArrayList<Parameter>(4);
    while (skip(';')) {
      skipBlanks();
      Parameter parameter = parameter();
      if (parameter == null) {
        return null;
      }
      parameters.add(parameter);
    }
    return new Extension(name, parameters);
  }

  private @Nullable Parameter parameter() {
    String name = name();
    if (name == null) {
      return null;
    }
    if (!skip('=')) {
      return new Parameter(name, null);
    }
    skipBlanks();
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
    if (value == null) {
      return null;
    }
    skipBlanks();
    return new Parameter(name, value);
  }

  private @Nullable String name() {
    String token = token();
    skipBlanks();
    return token == null ? null : token.toLowerCase(Locale.ROOT);
  }

  private @Nullable String token() {
    int from = at;
    while (at < text.length() && isTokenCharacter(text.charAt(at))) {
      at++;
    }
    return at == from ? null : text.substring(from, at);
  }

  /** What stands between the quotes, backslashes resolved, if that is a token. */
  private @Nullable String quoted() {
    var value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at == text.length() || !isTokenCharacter(text.charAt(at))) {
        return null;
      }
      value.append(text.charAt(at++));
    }
    return skip('"') && !value.isEmpty() ? value.toString() : null;
  }

  private boolean skip(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** RFC 7230 section 3.2.6. */
  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
