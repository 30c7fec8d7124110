package dev.everwire.netty.internal.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds bytes to a frame reader, cut as a test likes, and writes down in words what came of them.
 * Counts buffers.
 */
final class Reading implements FrameReader.Sink {
  private static final HexFormat HEX = HexFormat.of();

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
  private final List<String> told = new ArrayList<>();
  private final FrameReader reader;
  private @Nullable Breach breach;
  private boolean paused;
  private boolean pausing;
  private boolean released;

  private Reading(boolean server, int maxMessageBytes, @Nullable Inflation inflation) {
    this.reader = new FrameReader(server, maxMessageBytes, alloc, inflation, this);
  }

  static Reading server(int maxMessageBytes) {
    return new Reading(true, maxMessageBytes, null);
  }

  static Reading client(int maxMessageBytes) {
    return new Reading(false, maxMessageBytes, null);
  }

  static Reading of(boolean server, int maxMessageBytes, @Nullable Inflation inflation) {
    return new Reading(server, maxMessageBytes, inflation);
  }

  /** Stops after each frame until it is fed again. */
  Reading pausingAfterEachFrame() {
    pausing = true;
    return this;
  }

  Reading whole(byte[] bytes) {
    return pieces(bytes, Math.max(1, bytes.length));
  }

  Reading pieces(byte[] bytes, int length) {
    for (int from = 0; from < bytes.length; from += length) {
      piece(bytes, from, Math.min(bytes.length, from + length));
    }
    return this;
  }

  Reading splitAt(byte[] bytes, int at) {
    piece(bytes, 0, at);
    piece(bytes, at, bytes.length);
    return this;
  }

  void piece(byte[] bytes, int from, int to) {
    int room = to - from + 5; // never at the beginning
    ByteBuffer in = (room > 64 ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room));
    in.position(3);
    in.put(bytes, from, to - from).flip().position(3);
    ByteBuffer view = in.duplicate();
    while (breach == null) {
      paused = false;
      int before = in.position();
      breach = reader.read(in, view);
      if (!in.hasRemaining() || (in.position() == before && !paused)) {
        break;
      }
    }
    if (breach != null && told.stream().noneMatch(line -> line.startsWith("breach"))) {
      told.add("breach " + breach.code() + " " + breach.reason());
    }
  }

  /** Reads to where the reader wants it, as far as it wants it; answers how much that was. */
  int toTarget(byte[] bytes, int from) {
    ByteBuf target = reader.target();
    if (target == null) {
      return 0;
    }
    try {
      int length = Math.min(target.writableBytes(), bytes.length - from);
      target.writeBytes(bytes, from, length);
      if (!reader.isTarget(target)) {
        throw new AssertionError("not its own target");
      }
      breach = reader.readTarget();
      if (breach != null) {
        told.add("breach " + breach.code() + " " + breach.reason());
      }
      return length;
    } finally {
      target.release();
    }
  }

  FrameReader reader() {
    return reader;
  }

  /** Direct memory held now. */
  long held() {
    return alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory();
  }

  /** What was told, in order. Ends the reading, which must leave no buffer. */
  List<String> told() {
    if (!released) {
      released = true;
      reader.release();
    }
    if (held() != 0) {
      throw new AssertionError("left " + held() + " bytes");
    }
    return told;
  }

  String sentence() {
    return String.join("; ", told());
  }

  @Override
  public void text(ByteBuffer utf8) {
    told("text " + UTF_8.decode(utf8));
  }

  @Override
  public void binary(ByteBuffer bytes) {
    told("binary " + hex(bytes));
  }

  @Override
  public void ping(ByteBuffer payload) {
    told("ping " + hex(payload));
  }

  @Override
  public void pong() {
    told("pong");
  }

  @Override
  public void closed(int code, String reason) {
    told("close " + code + " " + reason);
  }

  @Override
  public boolean paused() {
    return paused;
  }

  private void told(String sentence) {
    told.add(sentence.strip());
    paused = pausing;
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy.length > 64 ? copy.length + " bytes" : HEX.formatHex(copy);
  }

  /** Bytes of frames in hex, each without a mask and behind a slash. */
  static byte[] unmasked(String frames) {
    return HEX.parseHex(frames.replaceAll("[ /]", ""));
  }

  /** The same frames as a client sends them. */
  static byte[] masked(String frames) {
    var hex = new StringBuilder();
    int key = 0x37fa213d;
    for (String frame : frames.split("/", -1)) {
      hex.append(HEX.formatHex(masked(HEX.parseHex(frame.replace(" ", "")), key)));
      key = Integer.rotateLeft(key, 5) + 1;
    }
    return HEX.parseHex(hex);
  }

  private static byte[] masked(byte[] frame, int key) {
    if (frame.length < 2) {
      return frame;
    }
    int length = frame[1] & 0x7F;
    int head = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0);
    ByteBuffer out = ByteBuffer.allocate(frame.length + Integer.BYTES);
    out.put(frame, 0, head).putInt(key);
    out.put(1, (byte) (frame[1] | 0x80));
    for (int i = head; i < frame.length; i++) {
      out.put((byte) (frame[i] ^ key >>> (24 - (i - head) % 4 * 8)));
    }
    return out.array();
  }
}
