package dev.everwire.client.link;

/**
 * How a connection ended.
 *
 * @param code the code of the Close frame; 1005 if it had none, 1006 if none came (RFC 6455 section
 *     7.1.5)
 * @param reason the peer's, or one sentence of ours; may be empty
 */
public record LastClose(int code, String reason) {}
