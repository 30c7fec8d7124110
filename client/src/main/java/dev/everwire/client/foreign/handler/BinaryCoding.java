package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.protocol.json.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** What the binary messages of a service hold: always text, in one of these forms. */
public enum BinaryCoding {
  /** UTF-8 as it is. */
  PLAIN,
  /** gzip (RFC 1952). */
  GZIP,
  /** deflate with no header around it (RFC 1951). */
  RAW_DEFLATE,
  /** gzip if it begins like that, else UTF-8 if it is that, else raw deflate. */
  DETECT;

  private static final int CHUNK = 8 * 1024;
  private static final byte[] FLUSHED = {0, 0, -1, -1};
  private static final byte[] LAST_BLOCK = {1, 0, 0, -1, -1}; // an empty one
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /**
   * The text of a binary message.
   *
   * @param maxBytes longest text; unfolding stops there, whatever the message says
   * @throws IllegalArgumentException it cannot be read, or gets too long
   */
  public Text decode(byte[] bytes, int maxBytes) {
    return switch (this) {
      case PLAIN -> text(bytes, maxBytes);
      case GZIP -> text(gunzip(bytes, maxBytes), maxBytes);
      case RAW_DEFLATE -> text(inflate(bytes, maxBytes), maxBytes);
      case DETECT -> text(detect(bytes, maxBytes), maxBytes);
    };
  }

  private static byte[] detect(byte[] bytes, int maxBytes) {
    if (bytes.length > 1 && (bytes[0] & 0xff) == GZIP_FIRST && (bytes[1] & 0xff) == GZIP_SECOND) {
      return gunzip(bytes, maxBytes);
    }
    return Utf8.valid(ByteBuffer.wrap(bytes)) ? bytes : inflate(bytes, maxBytes);
  }

  private static Text text(byte[] utf8, int maxBytes) {
    if (utf8.length > maxBytes) {
      throw tooLong(maxBytes);
    }
    if (!Utf8.valid(ByteBuffer.wrap(utf8))) {
      throw new IllegalArgumentException("binary message: not UTF-8");
    }
    return Text.trusted(utf8);
  }

  private static byte[] gunzip(byte[] bytes, int maxBytes) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), CHUNK)) {
      return read(in, maxBytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("binary message: not gzip", e);
    }
  }

  /** A deflater that is used for many messages ends each with a flush, not with a last block. */
  private static byte[] ended(byte[] bytes) {
    int end = bytes.length;
    if (end < FLUSHED.length
        || !Arrays.equals(bytes, end - FLUSHED.length, end, FLUSHED, 0, FLUSHED.length)) {
      return bytes;
    }
    byte[] ended = Arrays.copyOf(bytes, end + LAST_BLOCK.length);
    System.arraycopy(LAST_BLOCK, 0, ended, end, LAST_BLOCK.length);
    return ended;
  }

  private static byte[] inflate(byte[] message, int maxBytes) {
    byte[] bytes = ended(message);
    Inflater inflater = new Inflater(true);
    try (InputStream in =
        new InflaterInputStream(new ByteArrayInputStream(bytes), inflater, CHUNK)) {
      return read(in, maxBytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("binary message: not raw deflate", e);
    } finally {
      inflater.end(); // one that is handed in is not the stream's to end
    }
  }

  private static byte[] read(InputStream in, int maxBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      if (out.size() + (long) n > maxBytes) {
        throw tooLong(maxBytes);
      }
      out.write(chunk, 0, n);
    }
    return out.toByteArray();
  }

  private static IllegalArgumentException tooLong(int maxBytes) {
    return new IllegalArgumentException(
        "binary message: longer than " + maxBytes + " bytes when unfolded");
  }
}
