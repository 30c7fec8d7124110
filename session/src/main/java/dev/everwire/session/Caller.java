package dev.everwire.session;

/** Who makes a call, as a handler sees it. Safe from any thread. */
public interface Caller {

  /** To call back; also while the handler runs. */
  Peer peer();

  /** Names the session; equal to {@link #connectionId()} for a plain peer that said no hello. */
  String sessionId();

  /** Names this one connection. */
  String connectionId();

  /** The peer's address as {@code host:port}, for logs. */
  String remoteAddress();
}
