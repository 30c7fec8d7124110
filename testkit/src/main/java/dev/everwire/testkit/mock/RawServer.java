package dev.everwire.testkit.mock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A server of plain sockets on the loopback address that answers clients with any bytes: for what
 * no WebSocket implementation would send. Either a test takes connections one by one, with {@link
 * #accept}, or each is treated in the same way. Safe from any thread.
 */
public final class RawServer implements AutoCloseable {
  private static final int WAIT_MILLIS = 10_000;

  /** What is done with each connection, on a virtual thread; an IOException ends it. */
  @FunctionalInterface
  public interface Treatment {
    void play(RawConnection connection) throws IOException;
  }

  private final ServerSocket socket;
  private final AtomicInteger connections = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<RawConnection> open = new ArrayList<>(); // guarded by lock
  private boolean closed; // guarded by lock

  private RawServer(ServerSocket socket) {
    this.socket = socket;
  }

  /** On a free port; the test takes its connections. */
  public static RawServer open() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(WAIT_MILLIS);
    return new RawServer(socket);
  }

  /** On a free port; treats every connection so and closes it then. */
  public static RawServer playing(Treatment treatment) throws IOException {
    RawServer server = new RawServer(new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("raw-server").start(() -> server.acceptAll(treatment));
    return server;
  }

  public int port() {
    return socket.getLocalPort();
  }

  public URI uri() {
    return URI.create("ws://127.0.0.1:" + port() + "/ws");
  }

  /** How many connections came. */
  public int connections() {
    return connections.get();
  }

  /**
   * The next client, whose request has been read. Closed with the server at the latest.
   *
   * @throws IOException if none comes within 10 s
   */
  public RawConnection accept() throws IOException {
    return began(socket.accept());
  }

  /** Ends every connection with a reset. Idempotent. */
  @Override
  public void close() {
    List<RawConnection> last;
    lock.lock();
    try {
      closed = true;
      last = List.copyOf(open);
      open.clear();
    } finally {
      lock.unlock();
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    last.forEach(RawConnection::reset);
  }

  private RawConnection began(Socket accepted) throws IOException {
    connections.incrementAndGet();
    RawConnection connection = new RawConnection(accepted);
    lock.lock();
    try {
      if (closed) {
        connection.reset();
        throw new IOException("the server is closed");
      }
      open.removeIf(RawConnection::closed);
      open.add(connection);
    } finally {
      lock.unlock();
    }
    connection.readRequest();
    return connection;
  }

  private void acceptAll(Treatment treatment) {
    while (true) {
      try {
        Socket accepted = socket.accept();
        Thread unused =
            Thread.ofVirtual().name("raw-server").start(() -> play(treatment, accepted));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void play(Treatment treatment, Socket accepted) {
    try (accepted) {
      treatment.play(began(accepted));
    } catch (IOException e) {
      // the client or the test has ended it
    }
  }
}
