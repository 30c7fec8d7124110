package dev.everwire.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A forward proxy on real sockets: CONNECT or SOCKS5, with or without credentials. Whatever name it
 * is asked for, it connects to one port of this machine.
 */
final class ProxyServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final boolean socks;
  private final int target;
  private @Nullable String credentials; // user:password; set before the first connection
  private String behindAnswer = ""; // as credentials
  private int socksStatus; // as credentials

  private ProxyServer(boolean socks, int target) throws IOException {
    this.socks = socks;
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  static ProxyServer http(int target) throws IOException {
    return new ProxyServer(false, target);
  }

  static ProxyServer socks5(int target) throws IOException {
    return new ProxyServer(true, target);
  }

  ProxyServer wanting(String userAndPassword) {
    credentials = userAndPassword;
    return this;
  }

  /** Sends this in one packet with its own answer, as if the target had been quick. */
  ProxyServer sendingBehindItsAnswer(String latin1) {
    behindAnswer = latin1;
    return this;
  }

  ProxyServer refusing(int status) {
    socksStatus = status;
    return this;
  }

  int port() {
    return server.getLocalPort();
  }

  /** The destinations, as they were asked for. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (socks ? socks(client) : connect(client)) {
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
          open.add(upstream);
          Thread back = Thread.ofVirtual().start(() -> pump(upstream, client));
          pump(client, upstream);
          back.join();
        }
      }
    } catch (IOException e) {
      // one of them has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean connect(Socket client) throws IOException {
    String request = PlainServer.readRequest(client);
    String expected =
        credentials == null
            ? null
            : "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    if (expected != null && !request.contains(expected)) {
      PlainServer.write(
          client,
          "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
      return false;
    }
    asked.add(request.substring("CONNECT ".length(), request.indexOf(" HTTP/1.1")));
    PlainServer.write(client, "HTTP/1.1 200 Connected\r\n\r\n" + behindAnswer);
    return true;
  }

  private boolean socks(Socket client) throws IOException {
    var in = new DataInputStream(client.getInputStream());
    in.readUnsignedByte(); // version
    byte[] methods = in.readNBytes(in.readUnsignedByte());
    boolean password = new String(methods, ISO_8859_1).indexOf(2) >= 0;
    if (credentials == null) {
      send(client, 5, 0);
    } else if (!password) {
      send(client, 5, 0xFF);
      return false;
    } else {
      send(client, 5, 2);
      in.readUnsignedByte();
      String given = string(in) + ":" + string(in);
      send(client, 1, given.equals(credentials) ? 0 : 1);
      if (!given.equals(credentials)) {
        return false;
      }
    }
    in.readNBytes(3);
    int type = in.readUnsignedByte();
    String host =
        switch (type) {
          case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
          case 3 -> string(in);
          default -> throw new IOException("type " + type);
        };
    asked.add(host + ":" + in.readUnsignedShort());
    send(client, 5, socksStatus, 0, 1, 0, 0, 0, 0, 0, 0);
    return socksStatus == 0;
  }

  private static String string(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
  }

  private static void send(Socket client, int... bytes) throws IOException {
    var out = new StringBuilder();
    for (int b : bytes) {
      out.append((char) b);
    }
    PlainServer.write(client, out.toString());
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them has gone
    }
  }
}
