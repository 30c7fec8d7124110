package dev.everwire.client.foreign;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One WebSocket message, whole. Immutable; safe from any thread; equal when the content is. */
public sealed interface ForeignMessage {

  static Text text(String content) {
    return new Text(content.getBytes(StandardCharsets.UTF_8));
  }

  /** A text message that holds this JSON. */
  static Text json(RawJson json) {
    return new Text(json.toBytes());
  }

  /** A binary message with a copy of these bytes. */
  static Binary binary(byte[] bytes) {
    return new Binary(bytes.clone());
  }

  /** The content as text; what is not UTF-8 in a binary message is replaced. */
  String asText();

  /** A copy of the content. */
  byte[] asBytes();

  /** Length in bytes. */
  int length();

  /**
   * A text message. Its JSON is parsed once, when first asked for, so a handler may ask in each of
   * its methods.
   */
  final class Text implements ForeignMessage {
    private record Parsed(@Nullable RawJson json, @Nullable JsonMembers members) {}

    private static final Parsed NO_JSON = new Parsed(null, null);

    private final byte[] utf8;
    // Both are immutable and made when first asked for; two threads would make the same.
    private @Nullable String content;
    private @Nullable Parsed parsed;

    private Text(byte[] utf8) {
      this.utf8 = utf8;
    }

    /** Takes over the bytes, which are UTF-8 and must not change any more. */
    public static Text trusted(byte[] utf8) {
      return new Text(utf8);
    }

    /** The content if it is one JSON value, else null. */
    public @Nullable RawJson json() {
      return parsed().json();
    }

    /** The members if the content is a JSON object with no name twice, else null. */
    public @Nullable JsonMembers members() {
      return parsed().members();
    }

    /** The content itself, not to be changed. */
    byte[] bytes() {
      return utf8;
    }

    /** Whether the content, without space around it, is exactly this. */
    public boolean is(String other) {
      return length() <= 4 * other.length() + 16 && asText().strip().equals(other);
    }

    @Override
    public String asText() {
      String made = content;
      if (made == null) {
        made = new String(utf8, StandardCharsets.UTF_8);
        content = made;
      }
      return made;
    }

    @Override
    public byte[] asBytes() {
      return utf8.clone();
    }

    @Override
    public int length() {
      return utf8.length;
    }

    private Parsed parsed() {
      Parsed made = parsed;
      if (made == null) {
        made = parse(utf8);
        parsed = made;
      }
      return made;
    }

    private static Parsed parse(byte[] utf8) {
      RawJson json;
      try {
        json = RawJson.checked(utf8);
      } catch (JsonException e) {
        return NO_JSON; // a handler is told by a null
      }
      try {
        return new Parsed(json, json.kind() == RawJson.Kind.OBJECT ? json.members() : null);
      } catch (JsonException e) {
        return new Parsed(json, null);
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(utf8);
    }

    /** The content itself. */
    @Override
    public String toString() {
      return asText();
    }
  }

  /** A binary message. */
  final class Binary implements ForeignMessage {
    private final byte[] bytes;

    private Binary(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The content itself, not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    @Override
    public String asText() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] asBytes() {
      return bytes.clone();
    }

    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "binary, " + bytes.length + " bytes";
    }
  }
}
