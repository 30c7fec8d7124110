package dev.everwire.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A link of real sockets on the loopback address that can be cut, frozen, silenced and mended.
 * Holds at most 16 KiB of each direction of a connection. Safe from any thread.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MAX_LINKS = 10_000;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // guarded by lock
  private final Set<Link> links = new HashSet<>();
  private boolean cut;
  private boolean frozen;
  private final Set<Way> silent = EnumSet.noneOf(Way.class);
  private boolean closed;
  private long bytesLeft = Long.MAX_VALUE;

  private TcpProxy(InetSocketAddress target, ServerSocket server) {
    this.target = target;
    this.server = server;
  }

  /** Listens on a free port of the loopback address and forwards to another port there. */
  public static TcpProxy to(int port) throws IOException {
    return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  public static TcpProxy to(InetSocketAddress target) throws IOException {
    var proxy = new TcpProxy(target, new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("tcp-proxy").start(proxy::accept);
    return proxy;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How many connections there are. */
  public int connections() {
    lock.lock();
    try {
      return links.size();
    } finally {
      lock.unlock();
    }
  }

  /** Resets all connections, and each new one, until {@link #resume}. */
  public void cut() {
    lock.lock();
    try {
      cut = true;
      changed.signalAll();
      links.forEach(Link::reset);
      links.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Forwards nothing until {@link #resume}; connections stay and new ones are taken. */
  public void freeze() {
    lock.lock();
    try {
      frozen = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Half open: swallows what goes one way, also the news of an end, and nobody is told. Connections
   * from which something was swallowed stay silent until {@link #cut} or {@link #close}; new ones
   * are silent until {@link #resume}.
   */
  public void silence(Way way) {
    lock.lock();
    try {
      silent.add(way);
    } finally {
      lock.unlock();
    }
  }

  /** Forwards so many more bytes, of all connections and both directions together, then cuts. */
  public void cutAfter(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    lock.lock();
    try {
      bytesLeft = bytes;
    } finally {
      lock.unlock();
    }
    if (bytes == 0) {
      cut();
    }
  }

  /** Mends everything: new connections get through, and frozen ones go on. */
  public void resume() {
    lock.lock();
    try {
      cut = false;
      frozen = false;
      silent.clear();
      bytesLeft = Long.MAX_VALUE;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket near = server.accept();
        Thread.ofVirtual().name("tcp-proxy-connect").start(() -> connect(near));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket near) {
    var far = new Socket();
    var link = new Link(near, far);
    if (!add(link)) {
      link.reset();
      return;
    }
    try {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.connect(target, 10_000);
      Thread.ofVirtual().name("tcp-proxy-back").start(() -> forward(link, Way.DOWN, far, near));
      forward(link, Way.UP, near, far);
    } catch (IOException e) {
      end(link);
    }
  }

  private boolean add(Link link) {
    lock.lock();
    try {
      return !cut && links.size() < MAX_LINKS && links.add(link);
    } finally {
      lock.unlock();
    }
  }

  /** Until one side ends; a half-close is passed on. */
  private void forward(Link link, Way way, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int allowed = allowed(read);
        if (swallowed(link, way)) {
          continue;
        }
        out.write(buffer, 0, allowed);
        if (allowed < read || used()) {
          cut();
          return;
        }
      }
      allowed(0); // a frozen link tells nothing of the end either
      if (!swallowed(link, way)) {
        to.shutdownOutput();
        if (from.isOutputShutdown()) {
          end(link);
        }
      }
    } catch (IOException | InterruptedException e) {
      if (!silenced(link)) {
        end(link);
      }
    }
  }

  private boolean swallowed(Link link, Way way) {
    lock.lock();
    try {
      if (silent.contains(way)) {
        link.silent.add(way);
      }
      return link.silent.contains(way);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody is to hear of its end. */
  private boolean silenced(Link link) {
    lock.lock();
    try {
      return !link.silent.isEmpty() || !silent.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits while frozen; answers how many of these bytes may pass. */
  private int allowed(int bytes) throws InterruptedException {
    lock.lock();
    try {
      while (frozen && !cut && !closed) {
        changed.await();
      }
      int allowed = (int) Math.min(bytes, bytesLeft);
      if (bytesLeft != Long.MAX_VALUE) {
        bytesLeft -= allowed;
      }
      return cut ? 0 : allowed;
    } finally {
      lock.unlock();
    }
  }

  private boolean used() {
    lock.lock();
    try {
      return bytesLeft == 0;
    } finally {
      lock.unlock();
    }
  }

  private void end(Link link) {
    lock.lock();
    try {
      links.remove(link);
    } finally {
      lock.unlock();
    }
    link.reset();
  }

  private static final class Link {
    private final Socket near;
    private final Socket far;
    private final Set<Way> silent = EnumSet.noneOf(Way.class); // guarded by the proxy's lock

    Link(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void reset() {
      reset(near);
      reset(far);
    }

    private static void reset(Socket socket) {
      try {
        try {
          socket.setSoLinger(true, 0);
        } catch (SocketException e) {
          // closed already
        }
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
