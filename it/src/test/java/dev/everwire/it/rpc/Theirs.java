package dev.everwire.it.rpc;

import java.net.URI;

/** A library's end of connections. */
interface Theirs {

  /** Opens a connection to a server of Everwire's. */
  Client connect(URI uri) throws Exception;

  Server serve() throws Exception;

  /** One connection that it opened. */
  interface Client {
    Side side();

    /** Ends it without a Close frame. */
    void cut() throws Exception;
  }

  /** A server of its for one client at a time. */
  interface Server {
    URI uri();

    /** Its end of the latest connection. */
    Side side();

    /** Ends the connections without a Close frame. */
    void cut() throws Exception;

    void stop() throws Exception;
  }
}
