package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.everwire.netty.internal.http.LineCutter.Cut;
import dev.everwire.netty.internal.http.Step.Body;
import dev.everwire.netty.internal.http.Step.More;
import dev.everwire.netty.internal.http.Step.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body, of a known length or in chunks (RFC 9112 sections 6 and 7.1). Takes
 * memory for what came in, not for what was announced.
 *
 * <p>Chunk extensions and trailers are checked, bounded and forgotten.
 */
final class BodyReader {
  static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_CHUNK_LINE = 256;
  private static final int MAX_SIZE_DIGITS = 8;
  private static final int MAX_EXTENSIONS = 4 * 1024; // of all chunks together
  private static final int MAX_TRAILER_BYTES = 8 * 1024;
  private static final int LINE_END = 2;

  private enum Part {
    KNOWN_LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS
  }

  private final LineCutter lines;
  private Part part;
  private byte[] bytes = {};
  private int length;
  private int left; // of what is known to come
  private int extensionsLeft = MAX_EXTENSIONS;
  private int trailersLeft = MAX_TRAILER_BYTES;
  private int fieldsLeft = RequestReader.MAX_HEADERS;

  /**
   * @param contentLength at most {@link #MAX_BYTES}, or {@link RequestHead#CHUNKED}
   */
  BodyReader(LineCutter lines, int contentLength) {
    this.lines = lines;
    this.part = contentLength == RequestHead.CHUNKED ? Part.CHUNK_SIZE : Part.KNOWN_LENGTH;
    this.left = Math.max(0, contentLength);
  }

  Step read(ByteBuffer in) {
    while (true) {
      Step step =
          switch (part) {
            case KNOWN_LENGTH, CHUNK -> bytes(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailer(in);
          };
      if (step != null) {
        return step;
      }
    }
  }

  // Each part answers null when the next one is to go on.

  private @Nullable Step bytes(ByteBuffer in) {
    int count = Math.min(left, in.remaining());
    if (bytes.length < length + count) {
      int doubled = Math.min(2 * bytes.length, length + left);
      bytes = Arrays.copyOf(bytes, Math.max(length + count, doubled));
    }
    in.get(bytes, length, count);
    length += count;
    left -= count;
    if (left > 0) {
      return More.NEEDED;
    }
    if (part == Part.KNOWN_LENGTH) {
      return whole();
    }
    part = Part.CHUNK_END;
    return null;
  }

  private @Nullable Step chunkSize(ByteBuffer in) {
    Cut cut = lines.next(in, MAX_CHUNK_LINE);
    return switch (cut) {
      case MORE_NEEDED -> More.NEEDED;
      case BAD, TOO_LONG -> Refusal.BAD_CHUNK;
      case LINE -> chunkSize();
    };
  }

  private @Nullable Step chunkSize() {
    byte[] line = lines.bytes();
    int at = lines.from();
    long size = 0;
    while (at < lines.to() && Character.digit(line[at], 16) >= 0) {
      size = size << 4 | Character.digit(line[at++], 16);
      if (at - lines.from() > MAX_SIZE_DIGITS) {
        return Refusal.BAD_CHUNK;
      }
    }
    extensionsLeft -= lines.to() - at;
    if (at == lines.from() || extensionsLeft < 0 || !areExtensions(line, at, lines.to())) {
      return Refusal.BAD_CHUNK;
    }
    if (size > MAX_BYTES - length) {
      return Refusal.BODY_TOO_LARGE;
    }
    left = (int) size;
    part = size == 0 ? Part.TRAILERS : Part.CHUNK;
    return null;
  }

  private static boolean areExtensions(byte[] line, int from, int to) {
    if (from == to) {
      return true;
    }
    var scanner = new TextScanner(new String(line, from, to - from, ISO_8859_1));
    while (scanner.skip(';')) {
      if (scanner.token().isEmpty() || (scanner.skip('=') && scanner.value() == null)) {
        return false;
      }
    }
    return scanner.atEnd();
  }

  private @Nullable Step chunkEnd(ByteBuffer in) {
    Cut cut = lines.next(in, LINE_END);
    switch (cut) {
      case LINE -> part = Part.CHUNK_SIZE;
      case MORE_NEEDED -> {
        return More.NEEDED;
      }
      case BAD, TOO_LONG -> {
        return Refusal.BAD_CHUNK;
      }
    }
    return null;
  }

  private @Nullable Step trailer(ByteBuffer in) {
    Cut cut = lines.next(in, trailersLeft);
    return switch (cut) {
      case MORE_NEEDED -> More.NEEDED;
      case BAD -> Refusal.BAD_HEADER;
      case TOO_LONG -> Refusal.HEADERS_TOO_LARGE;
      case LINE -> lines.from() == lines.to() ? whole() : trailer();
    };
  }

  private @Nullable Step trailer() {
    trailersLeft -= lines.to() - lines.from() + LINE_END;
    int colon = lines.indexOf(':');
    if (colon < 0 || FieldNames.lowerCase(lines.bytes(), lines.from(), colon) == null) {
      return Refusal.BAD_HEADER;
    }
    return --fieldsLeft < 0 ? Refusal.HEADERS_TOO_LARGE : null;
  }

  private Step whole() {
    return new Body(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }
}
