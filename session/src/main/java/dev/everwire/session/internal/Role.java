package dev.everwire.session.internal;

import dev.everwire.protocol.RequestId;

/** Which end of the wire we are; it decides only how our calls are numbered. */
public enum Role {
  CLIENT,
  SERVER;

  /** Ids of the two roles never meet: integers here, strings {@code "s:…"} there. */
  RequestId id(long number) {
    return this == CLIENT ? RequestId.number(number) : RequestId.server(number);
  }
}
