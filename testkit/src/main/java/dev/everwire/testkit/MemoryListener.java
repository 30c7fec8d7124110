package dev.everwire.testkit;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A name in a network that can be dialled. */
final class MemoryListener implements Listener {
  private final MemoryNetwork network;
  private final String name;
  private final int loops;

  MemoryListener(MemoryNetwork network, String name, int loops) {
    this.network = network;
    this.name = name;
    this.loops = loops;
  }

  @Override
  public Listening listen(Acceptor acceptor) throws IOException {
    List<MemoryLoop> own = Stream.generate(network::newLoop).limit(loops).toList();
    var bound = new Bound(network, name, network.nextPort(), own, acceptor);
    if (!network.bind(name, bound)) {
      network.end(own);
      throw new IOException("name " + name + " is already in use");
    }
    return bound;
  }

  /** A name that is listened on. */
  static final class Bound implements Listening {
    private final MemoryNetwork network;
    private final String name;
    private final int port;
    private final List<MemoryLoop> loops;
    private final Acceptor acceptor;
    private final Set<MemoryTransport> open = new LinkedHashSet<>(); // driving thread only
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    Bound(MemoryNetwork network, String name, int port, List<MemoryLoop> loops, Acceptor acceptor) {
      this.network = network;
      this.name = name;
      this.port = port;
      this.loops = loops;
      this.acceptor = acceptor;
    }

    Acceptor acceptor() {
      return acceptor;
    }

    MemoryLoop nextLoop() {
      return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    void opened(MemoryTransport transport) {
      open.add(transport);
    }

    void ended(MemoryTransport transport) {
      open.remove(transport);
    }

    @Override
    public String host() {
      return name;
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public List<Loop> loops() {
      return List.copyOf(loops);
    }

    @Override
    public void stopAccepting() {
      network.unbind(name, this);
    }

    @Override
    public void close() {
      stopAccepting();
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      for (MemoryLoop loop : loops) {
        try {
          loop.execute(() ->
              List.copyOf(open).stream()
                  .filter(transport -> transport.loop().equals(loop))
                  .forEach(MemoryTransport::abort));
        } catch (RejectedExecutionException e) {
          // ended before
        }
      }
      network.end(loops);
    }
  }
}
