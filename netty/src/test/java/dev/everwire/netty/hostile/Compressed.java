package dev.everwire.netty.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Compressed messages, good and bad, for either end (RFC 7692). */
final class Compressed {
  private static final int MIB = 1024 * 1024;

  private Compressed() {}

  static List<Case> frames() {
    return Case.table(FRAMES);
  }

  /** What a server answers to the offer of permessage-deflate with context takeover. */
  static List<Case> answers() {
    return Case.table(ANSWERS);
  }

  /** So many zeros, as RFC 7692 section 7.2.1 makes a payload of them. */
  static byte[] zeros(int zeros) {
    var out = new ByteArrayOutputStream();
    var deflater = new Deflater(9, true);
    try {
      byte[] buffer = new byte[64 * 1024];
      byte[] input = new byte[MIB];
      for (int left = zeros; left > 0; left -= MIB) {
        deflater.setInput(input, 0, Math.min(left, MIB));
        boolean last = left <= MIB;
        int made;
        do {
          made =
              deflater.deflate(
                  buffer, 0, buffer.length, last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
          out.write(buffer, 0, made);
        } while (made == buffer.length || !last && !deflater.needsInput());
      }
    } finally {
      deflater.end();
    }
    byte[] all = out.toByteArray();
    return Arrays.copyOf(all, all.length - 4); // without 00 00 FF FF
  }

  static byte[] fragments(byte[] payload, boolean masked) {
    var out = new ByteArrayOutputStream();
    for (int from = 0; from < payload.length; from += 1000) {
      int to = Math.min(payload.length, from + 1000);
      int opcode = from == 0 ? 0x42 : to == payload.length ? 0x80 : 0x00;
      out.writeBytes(Wire.frame(opcode, Arrays.copyOfRange(payload, from, to), masked));
    }
    return out.toByteArray();
  }

  private static final String FRAMES =
      """
      a compressed text               | C1:F248CDC9C90700 88:03E8          | close 1000
      it again, from its context      | C1:F248CDC9C90700 C1:F200110000 88:03E8 | close 1000
      a plain text between            | C1:F248CDC9C90700 81:'ab' 88:03E8  | close 1000
      nothing, compressed             | C1:00 88:03E8                      | close 1000
      compressed in fragments         | 41:F248 80:CDC9C90700 88:03E8      | close 1000
      RSV1 on a continuation          | 41:F248 C0:CDC9C90700              | close 1002
      RSV1 on a later continuation    | 01:'a' C0:'b'                      | close 1002
      RSV1 on an inner continuation   | 41:F248 40:CDC9 80:C90700          | close 1002
      RSV1 on a ping                  | C9:                                | close 1002
      RSV1 on a pong                  | CA:                                | close 1002
      RSV1 on a close                 | C8:03E8                            | close 1002
      RSV1 on a ping in a message     | 41:F248 C9: 80:CDC9C90700          | close 1002
      RSV2 too                        | E1:F248CDC9C90700                  | close 1002
      RSV3 too                        | D1:F248CDC9C90700                  | close 1002
      RSV2 alone                      | A1:'a'                             | close 1002
      RSV1 on a reserved opcode       | C3:F248CDC9C90700                  | close 1002
      a block of no kind              | C1:07                              | close 1007
      all ones                        | C1:FFFFFFFF                        | close 1007
      a stored block that contradicts | C1:000100000041                    | close 1007
      back to before the beginning    | C1:F200110000                      | close 1007
      cut off                         | C1:F248CD                          | close 1007
      cut off in fragments            | 41:F2 00:48 80:CD                  | close 1007
      corrupt in the second fragment  | 41:F248CD 80:FFFFFFFFFFFF          | close 1007
      corrupt before the frame's end  | C1~7E00C8:07                       | close 1007
      text that is not UTF-8          | C1:FA0F00                          | close 1007
      binary that is not deflate      | C2:'hello'                         | close 1007
      corrupt after a good one        | C1:F248CDC9C90700 C1:07            | close 1007
      too long a frame                | C2~7F0000000000A00000:             | close 1009
      """;

  private static final String ANSWERS =
      """
      deflate                         | {deflate}^^                                       | opened
      nothing                         | {good}^^                                          | opened
      the server forgets              | {deflate}; server_no_context_takeover^^           | opened
      the client has to forget        | {deflate}; client_no_context_takeover^^           | opened
      a smaller window                | {deflate}; client_max_window_bits=10^^            | opened
      a smaller window of its own     | {deflate}; server_max_window_bits=9^^             | opened
      a window of 7                   | {deflate}; server_max_window_bits=7^^             | failed
      a window of 16                  | {deflate}; client_max_window_bits=16^^            | failed
      a window of 010                 | {deflate}; server_max_window_bits=010^^           | failed
      a window of no size             | {deflate}; client_max_window_bits^^               | failed
      a window in words               | {deflate}; server_max_window_bits=ten^^           | failed
      a value where there is none     | {deflate}; server_no_context_takeover=1^^         | failed
      a parameter twice               | {deflate}; server_no_context_takeover; server_no_context_takeover^^ | failed
      an unknown parameter            | {deflate}; faster^^                               | failed
      deflate twice                   | {deflate}, permessage-deflate^^                   | failed
      deflate in two headers          | {deflate}^Sec-WebSocket-Extensions: permessage-deflate^^ | failed
      deflate and another             | {deflate}, x-compress^^                           | failed
      another                         | {good}^Sec-WebSocket-Extensions: x-webkit-deflate-frame^^ | failed
      no grammar                      | {deflate};;=^^                                    | failed
      """;
}
