package dev.everwire.netty.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notations of the tables.
 *
 * <p>Frames: {@code 81:616263} is a first byte and a payload in hex, {@code 81:'abc'} the same as
 * text without spaces, {@code 81:{200*61}} repeated, {@code +} joins. {@code 81~7E0003:616263}
 * gives the length field itself, without the bit for a mask; a mask follows as the role demands,
 * and {@code !} before the frame has it wrong. {@code /} ends a segment.
 *
 * <p>HTTP: {@code ^} ends a line, {@code {CR}}, {@code {LF}}, {@code {NUL}}, {@code {TAB}}, {@code
 * {x80}} are bytes, {@code {300*ab}} repeats, {@code {upgrade}} stands for the good headers.
 */
final class Wire {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  static final String UPGRADE =
      "Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^Sec-WebSocket-Key: " + KEY;
  static final String GOOD = "GET / HTTP/1.1^Host: localhost^" + UPGRADE + "^^";

  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};
  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");

  private static final Pattern BYTE = Pattern.compile("\\{x([0-9A-F]{2})}");

  private Wire() {}

  /** One frame with the shortest length field. */
  static byte[] frame(int first, byte[] payload, boolean masked) {
    return frame(first, length(payload.length), payload, masked);
  }

  static byte[] text(String text, boolean masked) {
    return frame(0x81, text.getBytes(UTF_8), masked);
  }

  /** The segments of a row of frames. */
  static List<byte[]> frames(String row, boolean masked) {
    List<byte[]> segments = new ArrayList<>();
    var segment = new ByteArrayOutputStream();
    for (String token : row.strip().split("\\s+")) {
      if (token.equals("/")) {
        segments.add(segment.toByteArray());
        segment.reset();
      } else {
        segment.writeBytes(frame(token, masked));
      }
    }
    segments.add(segment.toByteArray());
    return segments;
  }

  static byte[] http(String row) {
    String text =
        repeated(row.replace("{upgrade}", UPGRADE))
            .replace("^", "\r\n")
            .replace("{CR}", "\r")
            .replace("{LF}", "\n")
            .replace("{NUL}", "\0")
            .replace("{TAB}", "\t");
    return BYTE.matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                String.valueOf((char) HexFormat.fromHexDigits(found.group(1)))))
        .getBytes(ISO_8859_1);
  }

  private static byte[] frame(String token, boolean masked) {
    boolean wrong = token.startsWith("!");
    int colon = token.indexOf(':');
    String[] head = token.substring(wrong ? 1 : 0, colon).split("~", 2);
    byte[] payload = payload(token.substring(colon + 1));
    byte[] length = head.length == 2 ? HexFormat.of().parseHex(head[1]) : length(payload.length);
    return frame(Integer.parseInt(head[0], 16), length, payload, masked != wrong);
  }

  private static byte[] frame(int first, byte[] length, byte[] payload, boolean masked) {
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (masked) {
      out.write(length[0] | 0x80);
      out.write(length, 1, length.length - 1);
      out.writeBytes(MASK);
      for (int i = 0; i < payload.length; i++) {
        out.write(payload[i] ^ MASK[i & 3]);
      }
    } else {
      out.writeBytes(length);
      out.writeBytes(payload);
    }
    return out.toByteArray();
  }

  private static byte[] length(int bytes) {
    if (bytes < 126) {
      return new byte[] {(byte) bytes};
    }
    return HexFormat.of()
        .parseHex(bytes < 65_536 ? "7E%04X".formatted(bytes) : "7F%016X".formatted(bytes));
  }

  private static byte[] payload(String notation) {
    var out = new ByteArrayOutputStream();
    for (String part : notation.isEmpty() ? new String[0] : notation.split("\\+")) {
      if (part.startsWith("'")) {
        out.writeBytes(part.substring(1, part.length() - 1).getBytes(UTF_8));
      } else {
        out.writeBytes(HexFormat.of().parseHex(repeated(part)));
      }
    }
    return out.toByteArray();
  }

  private static String repeated(String text) {
    return REPEATED
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
  }
}
