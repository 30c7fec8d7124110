package dev.everwire.netty.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.everwire.testkit.Await;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One end that sends whatever it wants, and notes what comes back in a sentence. Sends on the
 * test's thread; a thread of its own reads.
 */
final class Peer implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int CLOSE = 8;
  private static final int PONG = 10;
  private static final int LONGEST_REFUSAL = 200;

  private final Socket socket;
  private final DataInputStream in;
  private final boolean masks;
  private final CountDownLatch ended = new CountDownLatch(1);

  // written by the reading thread only
  private volatile boolean reading;
  private volatile int responses;
  private volatile int status;
  private volatile String head = "";
  private volatile String complaint = "";
  private volatile int messages;
  private volatile String lastText = "";
  private volatile int pongs;
  private volatile String lastPong = "";
  private volatile int closes;
  private volatile int closeCode;
  private volatile boolean afterClose;

  private Peer(Socket socket, boolean masks) throws IOException {
    this.socket = socket;
    this.masks = masks;
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** A client that reads from now on. */
  static Peer client(int port) throws IOException {
    return client(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  static Peer client(Socket connected) throws IOException {
    return new Peer(connected, true).read();
  }

  /**
   * A client that reads nothing, and for which little fits into the kernel, until {@link #read}.
   */
  static Peer deafClient(int port) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Peer(socket, true);
  }

  static Peer upgraded(int port) throws IOException {
    return upgraded(port, Wire.GOOD);
  }

  static Peer upgraded(int port, String request) throws IOException {
    return client(port).http(request).awaitUpgrade();
  }

  /** The server's end of an accepted connection; has read the request when this returns. */
  static Peer server(Socket accepted) throws IOException {
    accepted.setSoTimeout(10_000);
    var peer = new Peer(accepted, false);
    peer.head = peer.readHead();
    accepted.setSoTimeout(0);
    return peer;
  }

  boolean masks() {
    return masks;
  }

  /** The headers of the request or of the latest response. */
  String head() {
    return head;
  }

  String header(String name) {
    String start = "\n" + name.toLowerCase(Locale.ROOT) + ":";
    int at = head.toLowerCase(Locale.ROOT).indexOf(start);
    return at < 0 ? "" : head.substring(at + start.length()).lines().findFirst().orElse("").strip();
  }

  Peer http(String row) {
    return send(Wire.http(row));
  }

  Peer frames(String row) {
    for (byte[] segment : Wire.frames(row, masks)) {
      send(segment);
      Await.pass(Duration.ofMillis(10));
    }
    return this;
  }

  Peer text(String text) {
    return send(Wire.text(text, masks));
  }

  /** Sends as much as the other end still takes: what it does about it is in the outcome. */
  Peer send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // the other end has gone
    }
    return this;
  }

  /** Reads and notes from now on. */
  Peer read() {
    reading = true;
    Thread.ofPlatform().daemon().start(this::readAll);
    return this;
  }

  Peer awaitUpgrade() {
    Await.until(() -> status == 101 || over());
    return this;
  }

  /** Waits until so many messages, or the end, came. */
  Peer awaitMessages(int count) {
    Await.until(() -> messages >= count || over());
    return this;
  }

  boolean over() {
    return ended.getCount() == 0;
  }

  /** Whether a Close frame or the end came. */
  boolean dismissed() {
    return closes > 0 || over();
  }

  /** Whether an answer came that is not one of those in between. */
  boolean finalResponse() {
    return status > 100;
  }

  int responses() {
    return responses;
  }

  int messages() {
    return messages;
  }

  String lastText() {
    return lastText;
  }

  int pongs() {
    return pongs;
  }

  String lastPong() {
    return lastPong;
  }

  int closeCode() {
    return closes == 0 ? 0 : closeCode;
  }

  /** Nothing more comes from this end. Idempotent. */
  void shutdownOutput() throws IOException {
    if (!socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
  }

  /** Ends with a reset. */
  void vanish() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** What became of this connection, waiting for its end. */
  String outcome() throws InterruptedException {
    if (!reading) {
      read();
    }
    boolean over = ended.await(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    return said() + complaint + (afterClose ? " and more" : "") + (over ? "" : " and open");
  }

  private String said() {
    if (closes > 0) {
      return "close " + closeCode + (closes > 1 ? " " + closes + " times" : "");
    }
    if (status == 101) {
      return "lost";
    }
    return responses == 0 ? "gone" : String.valueOf(status);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void readAll() {
    try {
      while (masks && status != 101) {
        readResponse();
      }
      while (true) {
        readFrame();
      }
    } catch (IOException e) {
      // the end, as awaited
    } finally {
      ended.countDown();
    }
  }

  private void readResponse() throws IOException {
    head = readHead();
    int code = Integer.parseInt(head.split(" ", 3)[1].strip());
    if (code != 101) {
      String length = header("content-length");
      byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
      judge(code, new String(body, UTF_8));
    } else if (!header("sec-websocket-accept").equals(Wire.ACCEPT)) {
      complaint = " with the wrong accept key";
    }
    responses++;
    status = code;
  }

  /** A refusal is short and says nothing of the inside. */
  private void judge(int code, String body) {
    if (code == 426 && !header("sec-websocket-version").equals("13")) {
      complaint = " without the version";
    }
    if (code == 503 && header("retry-after").isEmpty()) {
      complaint = " without a time to retry";
    }
    if (code >= 400
        && (body.length() > LONGEST_REFUSAL || body.contains("xception") || body.contains("io."))) {
      complaint = " that says too much";
    }
    if (code >= 400 && code != 404 && !header("connection").contains("close")) {
      complaint = " that stays open";
    }
  }

  private String readHead() throws IOException {
    var text = new StringBuilder();
    while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      text.append((char) b);
    }
    return text.toString();
  }

  private void readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    if (second >= 0x80 == masks) {
      complaint = " with the wrong mask";
    }
    long length =
        switch (second & 0x7F) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second & 0x7F;
        };
    byte[] mask = in.readNBytes(second >= 0x80 ? 4 : 0);
    byte[] payload = in.readNBytes((int) length);
    for (int i = 0; i < payload.length && mask.length == 4; i++) {
      payload[i] ^= mask[i & 3];
    }
    if (payload.length < length) {
      throw new EOFException();
    }
    note(first & 0xF, payload);
  }

  private void note(int opcode, byte[] payload) {
    afterClose |= closes > 0 && opcode != CLOSE;
    switch (opcode) {
      case CLOSE -> {
        closeCode = payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        closes++;
      }
      case PONG -> {
        lastPong = new String(payload, ISO_8859_1);
        pongs++;
      }
      default -> {
        lastText = new String(payload, UTF_8);
        messages++;
      }
    }
  }
}
