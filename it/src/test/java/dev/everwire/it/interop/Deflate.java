package dev.everwire.it.interop;

import java.util.Locale;

/** What to ask of permessage-deflate. */
enum Deflate {
  /** Not offered, by those who can leave it out. */
  OFF,
  /** As the library does by itself. */
  PLAIN,
  /** Neither side may refer to earlier messages. */
  NO_TAKEOVER,
  /** The server's window is 9 bits, the client's 10. */
  SMALL_WINDOW;

  /** As the drivers spell it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
