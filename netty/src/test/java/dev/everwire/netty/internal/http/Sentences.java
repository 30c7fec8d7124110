package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;

/** What a {@link RequestReader} makes of some bytes, said in one line. */
final class Sentences {
  private Sentences() {}

  /** {@code ^} is the end of a line, {@code <0d>} the byte 0x0D; all else is itself. */
  static byte[] bytes(String text) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '^') {
        out.writeBytes("\r\n".getBytes(ISO_8859_1));
      } else if (c == '<' && text.indexOf('>', i) == i + 3) {
        out.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 3;
      } else {
        out.write(c);
      }
    }
    return out.toByteArray();
  }

  static String whole(byte[] request) {
    return of(List.of(request));
  }

  static String byteByByte(byte[] request) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte b : request) {
      pieces.add(new byte[] {b});
    }
    return of(pieces);
  }

  static String cutAt(byte[] request, int at) {
    return of(
        List.of(
            Arrays.copyOfRange(request, 0, at), Arrays.copyOfRange(request, at, request.length)));
  }

  /** Each piece in an array of its own, which is spoilt once it was read. */
  private static String of(List<byte[]> pieces) {
    var reader = new RequestReader();
    var sentence = new StringJoiner("; ");
    for (byte[] piece : pieces) {
      byte[] array = new byte[piece.length + 5]; // the bytes do not begin or end with it
      System.arraycopy(piece, 0, array, 2, piece.length);
      ByteBuffer in = ByteBuffer.wrap(array, 2, piece.length);
      while (in.hasRemaining()) {
        Step step = reader.read(in);
        if (!(step instanceof Step.More)) {
          sentence.add(say(step));
        }
        if (step instanceof Step.Refusal) {
          return sentence.toString();
        }
      }
      Arrays.fill(array, (byte) '?');
    }
    return sentence.toString();
  }

  private static String say(Step step) {
    return switch (step) {
      case Step.More more -> throw new AssertionError("says nothing");
      case Step.Refusal(int status, String text) -> status + " " + text;
      case Step.Body(byte[] bytes) -> "body " + new String(bytes, ISO_8859_1);
      case RequestHead head -> say(head);
    };
  }

  private static String say(RequestHead head) {
    RequestTarget target = head.target();
    var said = new StringJoiner(" ");
    said.add(head.method()).add(target.path());
    if (!target.query().isEmpty()) {
      said.add(new TreeMap<>(target.query()).toString());
    }
    new TreeMap<>(head.fields().firstValues())
        .forEach((name, value) -> said.add(name + "=" + value));
    return new String(said.toString().getBytes(UTF_8), UTF_8);
  }
}
