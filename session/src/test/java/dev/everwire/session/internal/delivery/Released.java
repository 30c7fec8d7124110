package dev.everwire.session.internal.delivery;

import dev.everwire.session.transport.Encoded;

/** Finds out whether the last reference to a message is gone. */
final class Released {
  private Released() {}

  static boolean is(Encoded message) {
    try {
      message.retain().release();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
