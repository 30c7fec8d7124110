package dev.everwire.app.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;

/** Sends exactly these bytes and reads all that comes back, until the server closes. */
final class RawHttp {
  private static final int WITHIN_MILLIS = 15_000;

  /** One answer; {@code ""} of a header that is not there. */
  record Answer(int status, List<String> head, String body) {

    /** All values of a header. */
    List<String> all(String lowerCaseName) {
      String start = lowerCaseName + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }

    List<String> names() {
      return head.stream()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
          .toList();
    }
  }

  private RawHttp() {}

  /**
   * @param request each {@code ^} is an end of line
   */
  static Answer ask(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return ask(socket, request);
    }
  }

  static Answer ask(Socket socket, String request) throws IOException {
    socket.setSoTimeout(WITHIN_MILLIS);
    socket.getOutputStream().write(request.replace("^", "\r\n").getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    String text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no answer to " + request + ": " + text);
    }
    List<String> head = List.of(text.substring(0, end).split("\r\n", -1));
    return new Answer(
        Integer.parseInt(head.getFirst().split(" ", -1)[1]), head, text.substring(end + 4));
  }
}
