package dev.everwire.session.internal;

import dev.everwire.protocol.dialect.Dialect;

/**
 * What a message looks like on the wire: connections of one form can share an encoding.
 *
 * @param binary in binary messages, else in text
 */
public record Form(Dialect dialect, boolean binary) {
  public static final Form TEXT = new Form(Dialect.JSON_RPC, false);
}
