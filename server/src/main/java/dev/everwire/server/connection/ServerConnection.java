package dev.everwire.server.connection;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Peer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One open WebSocket connection of a server, and who is at its other end. Safe from any thread. */
public interface ServerConnection {
  int MOST_TAGS = 32;
  int MAX_TAG = 64;

  /** Names this one connection; never given again while the server runs. */
  String connectionId();

  /** Names the session; equal to {@link #connectionId} for a peer that said no hello. */
  String sessionId();

  /** What the client calls itself; equal to {@link #sessionId} for one that did not say. */
  String clientId();

  /** Empty for an anonymous one. */
  Optional<String> user();

  Optional<String> tenant();

  /** As {@code host:port}, for logs. */
  String remoteAddress();

  /** Of its endpoint. */
  String path();

  ConnectionState state();

  Instant connectedAt();

  Duration age();

  /** How many connections the session has had, this one included; 0 where hello was not said. */
  long generation();

  /** Asks its loop; completes on a worker. Fails with IllegalStateException if it has ended. */
  CompletableFuture<ConnectionFigures> figures();

  /** Of the session. */
  Attributes attributes();

  /** Of the session, a copy. */
  Set<String> tags();

  /**
   * Adds a tag to the session, by which it can be found.
   *
   * @param tag 1–{@value #MAX_TAG} characters
   * @return false if it was there
   * @throws AttributesFullException if there are {@value #MOST_TAGS} already
   */
  boolean tag(String tag);

  /** False if it was not there. */
  boolean untag(String tag);

  /** To call and notify it; empty for a raw one. */
  Optional<Peer> peer();

  /**
   * Sends without waiting. QUEUED means that it leaves unless the link drops.
   *
   * @throws UnsupportedOperationException if this peer does not speak it: text or binary where
   *     JSON-RPC is spoken, a notification where it is not
   * @throws dev.everwire.protocol.FaultException −32008 if a notification is larger than this peer
   *     reads
   */
  Offer send(Payload payload);

  /** Begins to close it. Does not wait, and does nothing if it closes already. */
  void close(CloseCode code, String reason);
}
