package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The scanner against Jackson. Every input comes from one seed, which a failure prints; {@code
 * -Deverwire.seed=8842} moves the whole range.
 */
final class JsonScannerSeedsTest {
  private static final long FIRST_SEED = Long.getLong("everwire.seed", 1);
  private static final int TEXTS = 25_000;
  private static final int MUTANTS_PER_TEXT = 8;

  @Test
  void theScannerAcceptsExactlyWhatJacksonAccepts() {
    int accepted = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + TEXTS; seed++) {
      RandomJson random = new RandomJson(seed);
      byte[] text = random.text(4);
      assertThat(scanned(text)).as("seed %d, the text itself", seed).isTrue();
      for (int i = 0; i < MUTANTS_PER_TEXT; i++) {
        byte[] mutant = random.mutant(text);
        boolean expected = Oracle.accepts(mutant);
        if (scanned(mutant) != expected) {
          assertThat(!expected)
              .as("seed %d, mutant %d, %s", seed, i, HexFormat.of().formatHex(mutant))
              .isEqualTo(expected);
        }
        accepted += expected ? 1 : 0;
      }
    }
    // Otherwise one of the two answers was hardly tried.
    assertThat(accepted).isBetween(TEXTS * MUTANTS_PER_TEXT / 10, TEXTS * MUTANTS_PER_TEXT / 2);
  }

  @Test
  void aTextMeansTheSameToJackson() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 5_000; seed++) {
      byte[] text = new RandomJson(seed).text(4);
      same("seed " + seed, RawJson.parse(text), Oracle.tree(text));
    }
  }

  @Test
  void aStringThatWasWrittenMeansTheSameToJackson() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20_000; seed++) {
      String content = new RandomJson(seed).content(false);
      RawJson json = RawJson.string(content);

      assertThat(json.asString()).as("seed %d", seed).isEqualTo(content);
      assertThat(Oracle.tree(json.toBytes()).stringValue()).as("seed %d", seed).isEqualTo(content);
    }
  }

  @Test
  void anyStringIsWrittenAsValidJson() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20_000; seed++) {
      String content = new RandomJson(seed).content(true);
      // The JDK replaces a lone surrogate by '?'; what else stands there has to be the same.
      String decoded = new String(content.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      RawJson json = RawJson.parse(RawJson.string(content).toBytes());

      assertThat(json.asString().replace('\ufffd', '?'))
          .as("seed %d", seed)
          .isEqualTo(decoded.replace('\ufffd', '?'));
    }
  }

  private static void same(String where, RawJson json, JsonNode node) {
    switch (json.kind()) {
      case OBJECT -> {
        JsonMembers members = json.members();
        assertThat(members.names())
            .as(where)
            .containsExactlyElementsOf(List.copyOf(node.propertyNames()));
        for (String name : members.names()) {
          RawJson value = members.get(name);
          same(where, value == null ? RawJson.NULL : value, node.get(name));
        }
      }
      case ARRAY -> {
        List<RawJson> elements = json.elements();
        assertThat(elements).as(where).hasSize(node.size());
        for (int i = 0; i < elements.size(); i++) {
          same(where, elements.get(i), node.get(i));
        }
      }
      case STRING -> assertThat(json.asString()).as(where).isEqualTo(node.stringValue());
      case NUMBER -> {
        assertThat(node.isNumber()).as(where).isTrue();
        if (node.isIntegralNumber() && node.canConvertToLong()) {
          assertThat(json.asLong()).as(where).isEqualTo(node.longValue());
        }
      }
      case BOOLEAN -> assertThat(json.asBoolean()).as(where).isEqualTo(node.booleanValue());
      case NULL -> assertThat(node.isNull()).as(where).isTrue();
    }
  }

  private static boolean scanned(byte[] text) {
    try {
      JsonScanner.check(text, 1_000);
      return true;
    } catch (JsonException e) {
      return false;
    }
  }
}
