package dev.everwire.netty.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/** Accepts one client of ours after the other. */
final class HostileServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
  private static final String GOOD =
      "HTTP/1.1 101 x^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: {accept}";

  private final ServerSocket socket;

  HostileServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(10_000);
  }

  /** What little is sent to it stays with the sender if nobody reads. */
  HostileServer withSmallWindow() throws IOException {
    socket.setReceiveBufferSize(4096);
    return this;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The next client, whose request was read; more is read once it has an answer. */
  Peer accept() throws IOException {
    return Peer.server(socket.accept());
  }

  /** Sends a row of {@link Answers} and reads what comes. */
  Peer answer(Peer peer, String row) {
    return peer.http(filled(peer, row)).read();
  }

  /** A row with what the client's key makes of it. */
  String filled(Peer peer, String row) {
    String key = peer.header("sec-websocket-key");
    String accept = accept(key);
    return row.replace("{good}", GOOD)
        .replace("{accept}", accept)
        .replace("{key}", key)
        .replace("{small}", accept.toLowerCase(Locale.ROOT));
  }

  /** Sends a good answer and reads what comes. */
  Peer agree(Peer peer) {
    return answer(peer, "{good}^^");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static String accept(String key) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
