package dev.everwire.session.transport;

import java.io.IOException;
import java.util.List;

/** Accepts connections for a server. */
public interface Listener {

  /**
   * Binds and accepts from now on.
   *
   * @throws IOException if the address cannot be bound, with one sentence that says why
   */
  Listening listen(Acceptor acceptor) throws IOException;

  /** A bound listener. Safe from any thread. */
  interface Listening extends AutoCloseable {
    /**
     * The bound host, for a URL. Where there is no port ({@link #port} is 0), it says in its own
     * words where the listener is.
     */
    String host();

    int port();

    /** All loops that connections of this listener can live on. */
    List<Loop> loops();

    /** Refuses new connections; open ones go on. Idempotent. */
    void stopAccepting();

    /** Stops accepting, aborts what is open and ends the loops. Waits at most 5 s. Idempotent. */
    @Override
    void close();
  }
}
