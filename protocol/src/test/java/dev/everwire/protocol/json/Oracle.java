package dev.everwire.protocol.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Jackson says about a text. It gets characters, not bytes: the JDK's strict decoder judges
 * the UTF-8, because Jackson's own lets some of it pass and takes UTF-16 for granted.
 */
public final class Oracle {
  private static final int DEEPEST = 1_000_000;
  private static final JsonMapper MAPPER = new JsonMapper(factory(DEEPEST));

  // Jackson 3.1 looks at the low byte of a hex digit only and takes U+DA31 for a '1'.
  private static final Pattern DIGIT_BEYOND_ASCII =
      Pattern.compile("(?<!\\\\)(?:\\\\{2})*\\\\u[0-9a-fA-F]{0,3}[^\\x00-\\x7f]");

  private Oracle() {}

  public static boolean accepts(byte[] utf8) {
    String text = characters(utf8);
    if (text == null || mistaken(text)) {
      return false;
    }
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** The text, or null if the bytes are no UTF-8. */
  public static @Nullable String characters(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Whether this is one of the few texts that Jackson accepts and should not. */
  public static boolean mistaken(byte[] utf8) {
    String text = characters(utf8);
    return text != null && mistaken(text);
  }

  private static boolean mistaken(String text) {
    return DIGIT_BEYOND_ASCII.matcher(text).find();
  }

  /** With a limit to the nesting, and to nothing else. */
  public static JsonParser parser(String text, int maxDepth) {
    return factory(maxDepth).createParser(ObjectReadContext.empty(), text);
  }

  public static JsonNode tree(byte[] utf8) {
    return MAPPER.readTree(new String(utf8, StandardCharsets.UTF_8));
  }

  private static JsonFactory factory(int maxDepth) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }
}
