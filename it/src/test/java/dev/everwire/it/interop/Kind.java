package dev.everwire.it.interop;

import static dev.everwire.it.interop.Can.FILL_PING;
import static dev.everwire.it.interop.Can.FRAGMENT;
import static dev.everwire.it.interop.Can.PING;
import static dev.everwire.it.interop.Can.SEE_STATUS;

import java.util.Set;

/** The clients there are. */
enum Kind {
  NODE_WS(FRAGMENT, PING, FILL_PING, SEE_STATUS),
  NODE_UNDICI(),
  PYTHON(FRAGMENT, PING, FILL_PING, SEE_STATUS),
  CHROMIUM(SEE_STATUS),
  OKHTTP(PING, SEE_STATUS),
  JDK(FRAGMENT, PING, FILL_PING, SEE_STATUS),
  JETTY(FRAGMENT, PING, FILL_PING, SEE_STATUS),
  JAVA_WEBSOCKET(FRAGMENT, PING, FILL_PING, SEE_STATUS),
  EVERWIRE(PING, SEE_STATUS);

  private final Set<Can> abilities;

  Kind(Can... abilities) {
    this.abilities = Set.of(abilities);
  }

  Set<Can> can() {
    return abilities;
  }
}
