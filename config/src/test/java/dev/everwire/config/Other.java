package dev.everwire.config;

import dev.everwire.config.word.Option;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of an option that is not its default, as it stands in a file. */
final class Other {
  private static final Map<String, String> SPECIAL =
      Map.of(
          "session.resumeKeys", "[{id: a, secret: 12345678901234567890123456789012}]",
          "auth.jwt.keys", "[{secret: 12345678901234567890123456789012, algorithms: [hs256]}]",
          "auth.apiKeys",
              "[{hash: 'k1:sha256:AAAAAAAAAAAAAAAAAAAAAA:"
                  + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', user: u}]",
          "auth.certificates.roles", "[{user: u, roles: [r]}]",
          "access.rules", "[{anyone: true}]",
          "topics", "[{pattern: other}]",
          "dialects.paths", "[{path: /other, dialect: fastapi-rpc}]",
          "dialects.switchable", "[]",
          "drain.url", "ws://other.example/",
          "listen.unixPermissions", "rw-------");

  private Other() {}

  /** Null for what is part of an element, and for the preset. */
  static @Nullable String than(Option option) {
    if (option.environment().isEmpty() || option.path().equals("preset")) {
      return null;
    }
    String special = SPECIAL.get(option.path());
    if (special != null) {
      return special;
    }
    String usual = option.defaultText();
    return switch (option.type()) {
      case "true | false" -> usual.equals("true") ? "false" : "true";
      case "duration" -> first(usual, least(option), "1s", "2m", "1m");
      case "number", "decimal", "size" -> first(usual, least(option), "9", "0.5", "64KiB");
      case "text", "path", "secret" -> option.path().endsWith("path") ? "/other" : "other";
      case "list of texts" -> "[other]";
      default -> {
        String[] words = option.type().split(" \\| ", -1);
        yield words[0].equals(usual) ? words[1] : words[0];
      }
    };
  }

  private static String least(Option option) {
    String bounds = option.bounds().replace("at least ", "");
    return bounds.contains(" to ") ? bounds.substring(0, bounds.indexOf(" to ")) : bounds;
  }

  private static String first(String usual, String... candidates) {
    for (String candidate : candidates) {
      if (!candidate.isEmpty() && !candidate.equals(usual)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(usual);
  }
}
