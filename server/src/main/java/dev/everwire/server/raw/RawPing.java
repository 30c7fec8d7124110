package dev.everwire.server.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a ping is, and its answer, where messages are an application's own. Called on event loops,
 * from several at once, so it must not block.
 */
public interface RawPing {

  /**
   * {@code {"type":"ping","timestamp":1790000000}}, in seconds; answered by the text {@code pong}.
   */
  RawPing JSON =
      new RawPing() {
        private final ByteBuffer answer = bytes("pong");

        @Override
        public String ping(Instant now) {
          return "{\"type\":\"ping\",\"timestamp\":" + now.getEpochSecond() + "}";
        }

        @Override
        public boolean answers(ByteBuffer utf8) {
          return answer.equals(utf8);
        }
      };

  /** Always the same texts, compared as they are. */
  static RawPing texts(String ping, String answer) {
    ByteBuffer expected = bytes(answer);
    return new RawPing() {
      @Override
      public String ping(Instant now) {
        return ping;
      }

      @Override
      public boolean answers(ByteBuffer utf8) {
        return expected.equals(utf8);
      }
    };
  }

  /** The text to send. */
  String ping(Instant now);

  /**
   * Whether a text message is the answer to a ping; if so the receiver is not given it.
   *
   * @param utf8 valid until this returns, its position not to be moved
   */
  boolean answers(ByteBuffer utf8);

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
  }
}
