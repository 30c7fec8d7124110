package dev.everwire.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.Oracle;
import dev.everwire.protocol.json.RandomJson;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every input comes from one seed, which a failure prints. */
final class JsonRpcCodecSeedsTest {
  private static final long FIRST_SEED = Long.getLong("everwire.seed", 1);
  private static final int MESSAGES = 10_000;
  private static final int MUTANTS_PER_MESSAGE = 6;
  private static final String[] IDS = {
    "1", "0", "null", "-1.5", "1e400", "\"s:1\"", "\"\\u00e9\\/\"", "\"é😀\"", "\"\""
  };

  private final JsonRpcCodec codec = new JsonRpcCodec(1_000, 1_000);

  @Test
  void whatIsWrittenIsReadAsTheSame() {
    JsonWriter out = new JsonWriter();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + MESSAGES; seed++) {
      RandomJson random = new RandomJson(seed);
      Message message = message(random);
      codec.write(message, out.reset());
      assertThat(codec.read(out.buffer())).as("seed %d", seed).isEqualTo(new Frame.Single(message));

      List<Message> batch =
          Stream.generate(() -> message(random)).limit(1 + random.below(4)).toList();
      codec.writeBatch(batch, out.reset());
      assertThat(codec.read(out.buffer())).as("seed %d", seed).isEqualTo(new Frame.Batch(batch));
    }
  }

  @Test
  void aDamagedMessageIsUnreadableExactlyWhenJacksonRefusesIt() {
    JsonWriter out = new JsonWriter();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + MESSAGES; seed++) {
      RandomJson random = new RandomJson(seed);
      codec.write(message(random), out.reset());
      byte[] text = out.toBytes();
      for (int i = 0; i < MUTANTS_PER_MESSAGE; i++) {
        byte[] mutant = random.mutant(text);
        boolean refused =
            codec.read(ByteBuffer.wrap(mutant)) instanceof Frame.Unreadable(var fault)
                && fault.code() == FaultCode.PARSE_ERROR
                && !fault.message().endsWith("have the same name");
        if (refused == Oracle.accepts(mutant)) {
          boolean expected = !refused;
          assertThat(refused)
              .as("seed %d, mutant %d, %s", seed, i, HexFormat.of().formatHex(mutant))
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aDamagedMessageThatIsStillOneIsReadAndWrittenAndReadAsTheSame() {
    JsonWriter out = new JsonWriter();
    int still = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + MESSAGES; seed++) {
      RandomJson random = new RandomJson(seed);
      codec.write(message(random), out.reset());
      Frame frame = codec.read(ByteBuffer.wrap(random.mutant(out.toBytes())));
      if (frame instanceof Frame.Single(var message) && writable(message)) {
        codec.write(message, out.reset());
        assertThat(codec.read(out.buffer())).as("seed %d", seed).isEqualTo(frame);
        still++;
      }
    }
    assertThat(still).isGreaterThan(MESSAGES / 50);
  }

  private static boolean writable(Message message) {
    // A lone surrogate that came as an escape is replaced on the way out.
    return !(message instanceof Message.Malformed)
        && message.toString().codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000);
  }

  private static Message message(RandomJson random) {
    RequestId id = new RequestId(random.oneOf(IDS));
    String method = "m" + random.content(false);
    RawJson params = random.below(3) == 0 ? null : RawJson.parse(random.container(3));
    return switch (random.below(4)) {
      case 0 -> new Message.Request(id, method, params);
      case 1 -> new Message.Notification(method, params);
      case 2 -> new Message.Success(id, RawJson.parse(random.text(3)));
      default ->
          new Message.Failure(
              id, new Fault(random.below(100_000) - 50_000, random.content(false), params));
    };
  }
}
