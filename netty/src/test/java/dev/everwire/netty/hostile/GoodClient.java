package dev.everwire.netty.hostile;

/** Does all as it should be done. */
final class GoodClient {
  private GoodClient() {}

  /**
   * Upgrades, has a message echoed and a ping answered, and closes.
   *
   * @throws AssertionError if one of them is not as it should be
   */
  static void roundTrip(int port) throws Exception {
    try (Peer peer = Peer.client(port)) {
      roundTrip(peer);
    }
  }

  /** The same over a connection that was just made. */
  static void roundTrip(Peer peer) throws Exception {
    String message = "good " + Thread.currentThread().threadId();
    String outcome =
        peer.http(Wire.GOOD)
            .awaitUpgrade()
            .text(message)
            .frames("89:'still-there'")
            .awaitMessages(1)
            .frames("88:03E8")
            .outcome();
    if (!outcome.equals("close 1000")
        || !peer.lastText().equals(message)
        || !peer.lastPong().equals("still-there")) {
      throw new AssertionError(
          "a good client is not served: " + outcome + ", echo \"" + peer.lastText() + "\"");
    }
  }
}
