package dev.everwire.netty;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;

/**
 * The first message of a TLS client, byte by byte, so that it can offer what no library offers any
 * more; and what the server makes of it.
 */
final class TlsHello {
  static final int SSL_3 = 0x0300;
  static final int TLS_1_0 = 0x0301;
  static final int TLS_1_1 = 0x0302;
  static final int TLS_1_2 = 0x0303;
  static final int TLS_1_3 = 0x0304;

  private static final int HANDSHAKE = 22;
  private static final int ALERT = 21;
  private static final int SERVER_HELLO = 2;
  private static final int SUPPORTED_VERSIONS = 43;

  /** What came back. */
  sealed interface Answer {
    record Agreed(int version, int suite, int compression) implements Answer {}

    /**
     * @param description as RFC 8446 section 6 numbers them
     */
    record Refused(int description) implements Answer {}

    /** The connection ended without a word. */
    record Gone() implements Answer {}
  }

  private TlsHello() {}

  static Answer say(int port, int version, List<Integer> suites) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(record(hello(version, suites)));
      socket.getOutputStream().flush();
      return answer(new DataInputStream(socket.getInputStream()));
    }
  }

  private static byte[] record(byte[] hello) {
    return bytes("16 0301").number(hello.length, 2).add(hello).whole();
  }

  private static byte[] hello(int version, List<Integer> suites) {
    Bytes body =
        bytes("")
            .number(Math.min(version, TLS_1_2), 2)
            .add(new byte[32])
            .number(0, 1); // no session
    body.number(2 * suites.size(), 2);
    suites.forEach(suite -> body.number(suite, 2));
    body.add(hex("02 01 00")); // DEFLATE, or no compression
    byte[] extensions =
        bytes("000a 0006 0004 001d 0017") // groups: X25519, P-256
            .add(hex("000b 0002 01 00"))
            .add(hex("000d 0010 000e 0403 0804 0401 0503 0805 0201 0203")) // with SHA-1, too
            .add(version == TLS_1_3 ? hex("002b 0003 02 0304") : new byte[0])
            .add(version == TLS_1_3 ? keyShare() : new byte[0])
            .whole();
    body.number(extensions.length, 2).add(extensions);
    byte[] whole = body.whole();
    return bytes("01").number(whole.length, 3).add(whole).whole();
  }

  private static byte[] keyShare() {
    return bytes("0033 0026 0024 001d 0020").add(hex("09" + "11".repeat(31))).whole();
  }

  private static Answer answer(DataInputStream in) throws IOException {
    try {
      int type = in.read();
      if (type < 0) {
        return new Answer.Gone();
      }
      in.readUnsignedShort();
      byte[] content = in.readNBytes(in.readUnsignedShort());
      return switch (type) {
        case ALERT -> new Answer.Refused(content[1] & 0xFF);
        case HANDSHAKE -> agreed(content);
        default -> throw new AssertionError("record of type " + type);
      };
    } catch (SocketException e) {
      return new Answer.Gone(); // reset
    }
  }

  /** RFC 8446 section 4.1.3. */
  private static Answer agreed(byte[] content) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(content));
    if (in.readUnsignedByte() != SERVER_HELLO) {
      throw new AssertionError("no ServerHello");
    }
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    in = new DataInputStream(new ByteArrayInputStream(content, 4, length));
    int version = in.readUnsignedShort();
    in.skipNBytes(32);
    in.skipNBytes(in.readUnsignedByte());
    int suite = in.readUnsignedShort();
    int compression = in.readUnsignedByte();
    int left = in.available() < 2 ? 0 : in.readUnsignedShort();
    while (left > 0) {
      int kind = in.readUnsignedShort();
      byte[] value = in.readNBytes(in.readUnsignedShort());
      left -= 4 + value.length;
      if (kind == SUPPORTED_VERSIONS) {
        version = (value[0] & 0xFF) << 8 | (value[1] & 0xFF);
      }
    }
    return new Answer.Agreed(version, suite, compression);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static Bytes bytes(String hex) {
    return new Bytes().add(hex(hex));
  }

  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes add(byte[] more) {
      out.writeBytes(more);
      return this;
    }

    Bytes number(int value, int width) {
      for (int i = width - 1; i >= 0; i--) {
        out.write(value >>> (8 * i));
      }
      return this;
    }

    byte[] whole() {
      return out.toByteArray();
    }
  }
}
