package dev.everwire.config.acts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Somebody who connects and says exactly the bytes that are wanted. */
final class Wire implements AutoCloseable {
  record Answer(int status, Map<String, String> headers) {}

  /**
   * @param compressed whether the first reserved bit is set
   * @param length of what was sent
   */
  record Frame(boolean compressed, int length, String text) {}

  final Socket socket;
  private final DataInputStream in;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  static Wire plain(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Wire send(String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * @param headers each with its line end
   */
  private static String opening(String headers) {
    return "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + headers
        + "\r\n";
  }

  Answer upgrade(String headers) throws IOException {
    return send(opening(headers)).answer();
  }

  Answer answer() throws IOException {
    String status = line();
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers);
  }

  /** The answer to a call of a method without parameters. */
  Frame call(String method) throws IOException {
    request(method);
    return frame();
  }

  void request(String method) throws IOException {
    byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}").getBytes(UTF_8);
    var out = new ByteArrayOutputStream();
    out.write(0x81);
    out.write(0x80 | text.length);
    out.writeBytes(new byte[4]); // a mask that changes nothing
    out.writeBytes(text);
    socket.getOutputStream().write(out.toByteArray());
    socket.getOutputStream().flush();
  }

  Frame frame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame((first & 0x40) != 0, length, new String(payload, UTF_8));
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
