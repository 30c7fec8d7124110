package dev.everwire.protocol.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** JSON text that uses every corner of the grammar, and mutants of it. The seed decides it all. */
public final class RandomJson {
  private static final String[] NUMBERS = {
    "0", "-0", "1", "-1", "42", "9007199254740993", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "0.5", "-12.250", "1e3", "1E+3", "2.5e-10", "1e400", "-0.0e0"
  };
  private static final String[] TEXTS = {
    "a",
    "Z",
    "0",
    " ",
    "/",
    "'",
    "\u007f",
    "é",
    "ß",
    "\u07ff",
    "\u0800",
    "日",
    "\ufffd",
    "\uffff",
    "😀",
    "\udbff\udfff",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b",
    "\\f",
    "\\r",
    "\\t",
    "\\u0000",
    "\\u00e9",
    "\\u00E9",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\ude00"
  };
  private static final String[] SPACES = {" ", "\n", "\r", "\t", "  ", "\r\n\t "};
  private static final byte[][] SPLICES = {
    utf8("\""),
    utf8("\\"),
    utf8("\\u"),
    utf8("\\u12"),
    utf8("\\x"),
    utf8(","),
    utf8(":"),
    utf8("{"),
    utf8("}"),
    utf8("["),
    utf8("]"),
    utf8("{}"),
    utf8("[]"),
    utf8("0"),
    utf8("-"),
    utf8("."),
    utf8("e"),
    utf8("E+"),
    utf8("+1"),
    utf8("01"),
    utf8("1."),
    utf8("tru"),
    utf8("true"),
    utf8("nul"),
    utf8("null"),
    utf8("NaN"),
    utf8("Infinity"),
    utf8("//"),
    utf8("/**/"),
    utf8("#"),
    utf8("'a'"),
    utf8("\u0000"),
    utf8("\u001f"),
    utf8("\u00a0"),
    utf8("\u2028"),
    utf8("\ufeff"),
    utf8(" "),
    utf8("\f"),
    utf8("\u000b"),
    {(byte) 0x80},
    {(byte) 0xbf},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xc1, (byte) 0xbf},
    {(byte) 0xc2},
    {(byte) 0xe0, (byte) 0x9f, (byte) 0xbf},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xed, (byte) 0x9f, (byte) 0xbf},
    {(byte) 0xf0, (byte) 0x8f, (byte) 0xbf, (byte) 0xbf},
    {(byte) 0xf0, (byte) 0x9f, (byte) 0x98},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xf5},
    {(byte) 0xff}
  };

  private final SplittableRandom random;

  public RandomJson(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Any value, nested at most this deep, with whitespace around it. */
  public byte[] text(int depth) {
    StringBuilder out = new StringBuilder();
    value(out, depth);
    return utf8(out.toString());
  }

  /** An array or an object without a duplicate name. */
  public byte[] container(int depth) {
    StringBuilder out = new StringBuilder();
    container(out, depth);
    return utf8(out.toString());
  }

  /** What a Java program may put into a string, lone surrogates included if asked for. */
  public String content(boolean loneSurrogates) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      switch (random.nextInt(loneSurrogates ? 5 : 4)) {
        case 0 -> out.append((char) random.nextInt(0x20, 0x7f));
        case 1 -> out.append((char) random.nextInt(0x20));
        case 2 -> out.append((char) random.nextInt(0x7f, 0xd800));
        case 3 -> out.appendCodePoint(random.nextInt(0x10000, 0x110000));
        default -> out.append((char) random.nextInt(0xd800, 0xe000));
      }
    }
    return out.toString();
  }

  /** One to three small damages. The result may well be valid. */
  public byte[] mutant(byte[] text) {
    byte[] mutant = text;
    for (int i = random.nextInt(3); i >= 0; i--) {
      mutant = damage(mutant);
    }
    return mutant;
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public <T> T oneOf(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private byte[] damage(byte[] text) {
    int at = random.nextInt(text.length + 1);
    int end = Math.min(text.length, at + 1 + random.nextInt(4));
    return switch (random.nextInt(6)) {
      case 0 -> join(text, at, oneOf(SPLICES), at);
      case 1 -> join(text, at, oneOf(SPLICES), end);
      case 2 -> join(text, at, new byte[0], end);
      case 3 -> join(text, at, new byte[0], text.length);
      case 4 -> join(text, at, Arrays.copyOfRange(text, at, end), at);
      default -> {
        byte[] copy = text.clone();
        if (at < copy.length) {
          copy[at] ^= (byte) (1 << random.nextInt(8));
        }
        yield copy;
      }
    };
  }

  private static byte[] join(byte[] text, int to, byte[] middle, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text, 0, to);
    out.writeBytes(middle);
    out.write(text, from, text.length - from);
    return out.toByteArray();
  }

  private void value(StringBuilder out, int depth) {
    space(out);
    switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> out.append(oneOf(NUMBERS));
      case 1 -> out.append(random.nextInt());
      case 2 -> out.append(oneOf(new String[] {"true", "false", "null"}));
      case 3, 4 -> string(out);
      default -> container(out, depth);
    }
    space(out);
  }

  private void container(StringBuilder out, int depth) {
    boolean object = random.nextBoolean();
    out.append(object ? '{' : '[');
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      if (object) {
        space(out);
        out.append('"').append(i);
        contents(out);
        out.append('"');
        space(out);
        out.append(':');
      }
      value(out, depth - 1);
    }
    if (count == 0) {
      space(out);
    }
    out.append(object ? '}' : ']');
  }

  private void string(StringBuilder out) {
    out.append('"');
    contents(out);
    out.append('"');
  }

  private void contents(StringBuilder out) {
    for (int i = random.nextInt(7); i > 0; i--) {
      out.append(oneOf(TEXTS));
    }
  }

  private void space(StringBuilder out) {
    if (random.nextInt(4) == 0) {
      out.append(oneOf(SPACES));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
