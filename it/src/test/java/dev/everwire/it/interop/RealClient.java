package dev.everwire.it.interop;

/** A library's WebSocket client. One thread at a time. */
interface RealClient extends AutoCloseable {

  /**
   * Waits until the connection is open.
   *
   * @throws Refused if it is not made
   */
  Link connect(Ask ask) throws Exception;

  /** Ends every connection, and what the client runs. */
  @Override
  void close();
}
