package dev.everwire.it.interop;

import java.net.URI;

/**
 * A WebSocket server of others that echoes. A text that begins with {@code !} is an order instead:
 *
 * <ul>
 *   <li>{@code !fragments}: send "grün😀" as one message of five frames, one of them empty
 *   <li>{@code !ping}: send a Ping with "beat" and, when the Pong is there, the text "pong beat"
 *   <li>{@code !close}: close with 4001 and "tschüß"
 *   <li>{@code !cut}: end the connection without a Close frame
 *   <li>{@code !extensions}: send what was agreed on, as the header has it; not Java-WebSocket
 * </ul>
 */
interface EchoServer extends AutoCloseable {
  URI uri();

  @Override
  void close();

  static URI at(String scheme, int port) {
    return URI.create(scheme + "://127.0.0.1:" + port + "/");
  }
}
