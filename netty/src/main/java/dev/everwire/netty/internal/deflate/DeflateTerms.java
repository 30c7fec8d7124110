package dev.everwire.netty.internal.deflate;

/**
 * What both ends of a connection agreed on (RFC 7692 section 7.1), seen from this end.
 *
 * @param level of zlib, 1 to 9
 * @param thresholdBytes shorter messages of ours go uncompressed
 * @param sendTakeover whether a message of ours may refer to earlier ones
 * @param receiveTakeover whether a message of the peer's may
 * @param sendWindowBits longest distance of ours as a power of two, 8 to 15
 * @param receiveWindowBits the peer's
 */
public record DeflateTerms(
    int level,
    int thresholdBytes,
    boolean sendTakeover,
    boolean receiveTakeover,
    int sendWindowBits,
    int receiveWindowBits) {

  /** The form in which this connection can take a message that others get too. */
  public SharedForm sharedForm() {
    return new SharedForm(level, sendWindowBits);
  }
}
