package dev.everwire.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A peer that sends exactly the bytes a test wants. */
public final class RawClient implements AutoCloseable {
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  public record Response(int status, Map<String, String> headers, String body) {}

  public record Frame(int opcode, String payload) {
    public int closeCode() {
      return payload.isEmpty() ? 1005 : payload.charAt(0) << 8 | payload.charAt(1);
    }

    public String closeReason() {
      return new String(payload.substring(2).getBytes(ISO_8859_1), UTF_8);
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  public RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  public RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  public static RawClient upgraded(int port) throws IOException {
    return upgrade(new RawClient(port));
  }

  /** So that what it does not read soon stays with the server. */
  public static RawClient upgradedWithSmallWindow(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return upgrade(new RawClient(socket));
  }

  private static RawClient upgrade(RawClient client) throws IOException {
    client.send(upgradeRequest());
    Response response = client.response();
    if (response.status() != 101) {
      throw new AssertionError("not upgraded: " + response);
    }
    return client;
  }

  public static String upgradeRequest() {
    return "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n\r\n";
  }

  public RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A masked frame; the first byte has the flags and the opcode. */
  public static byte[] frame(int first, byte[] payload) {
    byte[] mask = new byte[4];
    ThreadLocalRandom.current().nextBytes(mask);
    var out = new ByteArrayOutputStream();
    out.write(first);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      out.write(0x80 | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >> shift));
      }
    }
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i & 3]);
    }
    return out.toByteArray();
  }

  public static byte[] text(String text) {
    return frame(0x81, text.getBytes(UTF_8));
  }

  public static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The next frame, which must be whole, final and not masked. */
  public Frame frame() throws IOException {
    int first = in.readUnsignedByte();
    if ((first & 0xF0) != 0x80) {
      throw new AssertionError("flags: " + first);
    }
    int second = in.readUnsignedByte();
    if (second >= 0x80) {
      throw new AssertionError("masked by the server");
    }
    long length =
        switch (second) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second;
        };
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(first & 0xF, new String(payload, ISO_8859_1));
  }

  public Response response() throws IOException {
    return response(true);
  }

  public Response response(boolean withBody) throws IOException {
    String status = line();
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body =
        new byte[withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0];
    in.readFully(body);
    return new Response(
        Integer.parseInt(status.split(" ", -1)[1]), headers, new String(body, UTF_8));
  }

  /** Whether the peer ended the connection and had nothing more to say. */
  public boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends with a reset. */
  public void vanish() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }
}
