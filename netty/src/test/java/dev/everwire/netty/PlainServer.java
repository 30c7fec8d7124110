package dev.everwire.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.everwire.netty.internal.http.AcceptKey;
import java.io.IOException;
import java.net.Socket;
import java.util.Locale;

/** The server's side of an upgrade, byte by byte. */
final class PlainServer {
  static final String AGREED = "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

  private PlainServer() {}

  /** Reads the upgrade request and agrees, with bytes right behind the answer. */
  static void agree(Socket socket, String header, int... behind) throws IOException {
    String request = readRequest(socket);
    var answer = new StringBuilder(AGREED + header);
    answer.append("Sec-WebSocket-Accept: ").append(acceptKey(request)).append("\r\n\r\n");
    for (int b : behind) {
      answer.append((char) b);
    }
    write(socket, answer.toString());
  }

  static void write(Socket socket, String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static String acceptKey(String request) {
    return AcceptKey.of(header(request, "sec-websocket-key"));
  }

  static String header(String request, String lowerCaseName) {
    return request
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(lowerCaseName + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + lowerCaseName + " in " + request))
        .substring(lowerCaseName.length() + 2);
  }

  static String readRequest(Socket socket) throws IOException {
    var request = new StringBuilder();
    while (!request.toString().endsWith("\r\n\r\n")) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("end of request");
      }
      request.append((char) b);
    }
    return request.toString();
  }
}
