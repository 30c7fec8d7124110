package dev.everwire.client.link;

/** Where a token is put. */
public enum TokenPlace {
  /** {@code Authorization: Bearer …} of the upgrade request (RFC 6750 section 2.1). */
  HEADER,
  /** The first message: {@code auth.token} of hello, or what a protocol handler makes of it. */
  MESSAGE
}
