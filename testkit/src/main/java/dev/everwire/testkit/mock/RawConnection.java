package dev.everwire.testkit.mock;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/**
 * One client of a {@link RawServer}: reads its frames, writes what it is told. Reading and writing
 * wait for at most 10 s. One thread at a time.
 */
public final class RawConnection {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
  private static final int WAIT_MILLIS = 10_000;
  private static final int MOST_REQUEST_BYTES = 64 * 1024;
  private static final int MOST_FRAME_BYTES = 16 * 1024 * 1024;

  /**
   * A frame of the client, unmasked.
   *
   * @param text the payload as UTF-8
   */
  public record Frame(int opcode, String text) {}

  @SuppressWarnings("ArrayRecordComponent") // lives for one read
  private record Unmasked(int opcode, byte[] payload) {}

  private final Socket socket;
  private final DataInputStream in;
  private String request = "";

  RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(WAIT_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  void readRequest() throws IOException {
    var head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0 || head.length() > MOST_REQUEST_BYTES) {
        throw new EOFException("no request");
      }
      head.append((char) b);
    }
    request = head.toString();
  }

  /** The client's request with its headers. */
  public String request() {
    return request;
  }

  /** A header of the request; empty if there is none. */
  public String header(String name) {
    String start = "\n" + name.toLowerCase(Locale.ROOT) + ":";
    int at = request.toLowerCase(Locale.ROOT).indexOf(start);
    return at < 0
        ? ""
        : request.substring(at + start.length()).lines().findFirst().orElse("").strip();
  }

  /** Upgrades as RFC 6455 wants it. */
  public RawConnection upgrade() throws IOException {
    return write(goodAnswer());
  }

  /** The answer that upgrades, for tests that write it in parts or change it. */
  public String goodAnswer() {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept(header("Sec-WebSocket-Key"))
        + "\r\n\r\n";
  }

  /** The first half of a good answer; what is to follow is the test's. */
  public RawConnection halfAnUpgrade() throws IOException {
    String whole = goodAnswer();
    return write(whole.substring(0, whole.length() / 2));
  }

  /**
   * Answers with a status and nothing else.
   *
   * @param headers each as {@code Name: value}
   */
  public RawConnection refuse(int status, String... headers) throws IOException {
    var answer = new StringBuilder("HTTP/1.1 " + status + " Refused\r\n");
    for (String header : headers) {
      answer.append(header).append("\r\n");
    }
    return write(answer + "Content-Length: 0\r\nConnection: close\r\n\r\n");
  }

  /** Sends the client elsewhere. */
  public RawConnection redirect(int status, String location) throws IOException {
    return refuse(status, "Location: " + location);
  }

  /** Writes bytes as they are, for instance of {@link RawFrames}. */
  public RawConnection write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Writes text as ISO 8859-1. */
  public RawConnection write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Writes good text messages. */
  public RawConnection say(String... texts) throws IOException {
    for (String text : texts) {
      write(RawFrames.text(text));
    }
    return this;
  }

  /**
   * Reads the next frame of the client.
   *
   * @throws IOException if it is not masked, if the connection ends, or if none comes within 10 s
   */
  public Frame frame() throws IOException {
    Unmasked next = unmasked();
    return new Frame(next.opcode(), new String(next.payload(), StandardCharsets.UTF_8));
  }

  private Unmasked unmasked() throws IOException {
    int opcode = in.readUnsignedByte() & 0x0F;
    int second = in.readUnsignedByte();
    if (second < 0x80) {
      throw new IOException("a frame that is not masked");
    }
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    if (length < 0 || length > MOST_FRAME_BYTES) {
      throw new IOException("a frame of " + length + " bytes");
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes((int) length);
    if (mask.length < 4 || payload.length < length) {
      throw new EOFException("half a frame");
    }
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Unmasked(opcode, payload);
  }

  /** The next text message, passing over pings and pongs. */
  public String hear() throws IOException {
    Frame next = frame();
    while (next.opcode() == RawFrames.PING || next.opcode() == RawFrames.PONG) {
      next = frame();
    }
    if (next.opcode() != RawFrames.TEXT) {
      throw new IOException("opcode: " + next.opcode() + " (expected: a text)");
    }
    return next.text();
  }

  /** Reads until the client's Close frame and answers its code, 1005 if it has none. */
  public int closeCode() throws IOException {
    Unmasked next = unmasked();
    while (next.opcode() != RawFrames.CLOSE) {
      next = unmasked();
    }
    byte[] payload = next.payload();
    return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort();
  }

  /** Reads until the client has ended the connection; at most 10 s between two bytes. */
  public void awaitEnd() throws IOException {
    long unused = in.transferTo(OutputStream.nullOutputStream());
  }

  /** Ends the connection in order. */
  public void end() throws IOException {
    socket.close();
  }

  /** Ends the connection with a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it has ended
    }
  }

  boolean closed() {
    return socket.isClosed();
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
