package dev.everwire.auth;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A signed token as it travels (RFC 7515, compact), read strictly: base64url that has one spelling
 * only, JSON without doubled names, no header that would change how it is read. Nothing is believed
 * yet. Immutable.
 *
 * @param keyId nothing but a name to look up; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // made and read in this package only, compared by nobody
record CompactToken(
    RawJson header,
    RawJson claims,
    @Nullable SigningAlgorithm algorithm,
    @Nullable String keyId,
    @Nullable String type,
    byte[] signingInput,
    byte[] signature) {
  private static final int LONGEST_KEY_ID = 256;

  /** What a text is to somebody who looks for a token. */
  enum Shape {
    /** Three parts of base64url: perhaps a signed one. The last may be empty. */
    SIGNED,
    /** Five: an encrypted one. */
    ENCRYPTED,
    OTHER
  }

  static Shape shape(String text) {
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        dots++;
      } else if (!base64url(c)) {
        return Shape.OTHER;
      }
    }
    return dots == 2 ? Shape.SIGNED : dots == 4 ? Shape.ENCRYPTED : Shape.OTHER;
  }

  /**
   * @throws MalformedException if it is none that can be accepted, whatever its signature
   */
  static CompactToken read(String text) throws MalformedException {
    switch (shape(text)) {
      case OTHER -> throw new MalformedException("not three parts of base64url");
      case ENCRYPTED -> throw new MalformedException("encrypted, not signed");
      case SIGNED -> {}
    }
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    RawJson header = json("header", text.substring(0, first));
    RawJson claims = json("claims", text.substring(first + 1, second));
    try {
      JsonMembers members = header.members();
      // Each would change what the signature means or what is behind it.
      for (String refused : new String[] {"crit", "b64", "zip", "enc"}) {
        if (members.names().contains(refused)) {
          throw new MalformedException("header " + refused + " is not supported");
        }
      }
      String content = members.stringOrNull("cty");
      if (content != null && content.toUpperCase(Locale.ROOT).endsWith("JWT")) {
        throw new MalformedException("a token inside a token");
      }
      String keyId = members.stringOrNull("kid");
      if (keyId != null && keyId.length() > LONGEST_KEY_ID) {
        throw new MalformedException("header kid is longer than " + LONGEST_KEY_ID);
      }
      return new CompactToken(
          header,
          claims,
          SigningAlgorithm.named(members.string("alg")),
          keyId,
          members.stringOrNull("typ"),
          text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
          decoded("signature", text.substring(second + 1)));
    } catch (JsonException e) {
      throw new MalformedException("header: " + e.getMessage());
    }
  }

  private static RawJson json(String part, String text) throws MalformedException {
    try {
      RawJson json = RawJson.checked(decoded(part, text));
      if (json.kind() != RawJson.Kind.OBJECT) {
        throw new MalformedException(part + ": no object");
      }
      return json;
    } catch (JsonException e) {
      throw new MalformedException(part + ": " + e.getMessage());
    }
  }

  private static byte[] decoded(String part, String text) throws MalformedException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      // The last letter has bits that mean nothing: only one spelling of them is right, or
      // there were several texts of one token.
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new MalformedException(part + ": not base64url");
  }

  private static boolean base64url(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  @Override
  public String toString() {
    return "CompactToken[" + algorithm + "]";
  }

  /** It is no token. The message says why, for who inspects, not for who sent it. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String why) {
      super(why, null, false, false);
    }
  }
}
