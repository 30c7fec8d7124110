package dev.everwire.app.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message made once, of which only a marker and an id change: written in place to send it and to
 * compare with what came. One thread at a time.
 */
final class Stencil {
  /** Ids all have ten digits, so that nothing moves. */
  static final long FIRST_ID = 1_000_000_000L;

  static final int ID_LENGTH = 10;
  static final int NOWHERE = -1;

  private final ByteBuffer text;
  private final int idAt;
  private final int markerAt;

  /**
   * @param idAt where the id's digits stand, or {@link #NOWHERE}
   * @param markerAt where the marker stands, or {@link #NOWHERE}
   */
  Stencil(byte[] text, int idAt, int markerAt) {
    this.text = ByteBuffer.allocateDirect(text.length).put(text).flip();
    this.idAt = idAt;
    this.markerAt = markerAt;
  }

  /**
   * Finds the first id and marker in the message with number 0 of connection 0, in ASCII up to
   * there.
   */
  static Stencil of(String text, boolean id, boolean marker) {
    return new Stencil(
        text.getBytes(StandardCharsets.UTF_8),
        id ? text.indexOf(Long.toString(FIRST_ID)) : NOWHERE,
        marker ? text.indexOf("\"" + "0".repeat(Marker.LENGTH)) + 1 : NOWHERE);
  }

  /** A marker followed by filler. */
  static String marked(int length) {
    return "0".repeat(Marker.LENGTH) + filler(length - Marker.LENGTH);
  }

  static String filler(int length) {
    return "everwire-".repeat(Math.max(0, length) / 9 + 1).substring(0, Math.max(0, length));
  }

  int length() {
    return text.limit();
  }

  int idAt() {
    return idAt;
  }

  /** The message with this number; valid until the next one is asked for. */
  ByteBuffer message(int connection, long number) {
    if (markerAt != NOWHERE) {
      Marker.put(text, markerAt, text.limit() - markerAt, connection, number);
    }
    if (idAt != NOWHERE) {
      long id = FIRST_ID + number;
      for (int i = ID_LENGTH - 1; i >= 0; i--, id /= 10) {
        text.put(idAt + i, (byte) ('0' + id % 10));
      }
    }
    return text.rewind();
  }

  /** Whether bytes are the message with this number; neither buffer's bounds are moved. */
  boolean matches(ByteBuffer bytes, int connection, long number) {
    return bytes.remaining() == text.limit()
        && bytes.mismatch(message(connection, number)) == NOWHERE;
  }

  /** The message number that an id in this place of other bytes stands for, or {@link #NOWHERE}. */
  long numberIn(ByteBuffer bytes) {
    long id = 0;
    for (int i = 0; i < ID_LENGTH; i++) {
      int digit = bytes.get(bytes.position() + idAt + i) - '0';
      if (digit < 0 || digit > 9) {
        return NOWHERE;
      }
      id = id * 10 + digit;
    }
    return Math.max(NOWHERE, id - FIRST_ID);
  }
}
