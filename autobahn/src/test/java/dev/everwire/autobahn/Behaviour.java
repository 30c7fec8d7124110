package dev.everwire.autobahn;

import java.util.Locale;

/** What the suite says of a case, or of how its connection ended; best first. */
enum Behaviour {
  OK,
  /** No rule decides; what we do is only written down. */
  INFORMATIONAL,
  NON_STRICT,
  FAILED_BY_CLIENT,
  WRONG_CODE,
  UNCLEAN,
  UNIMPLEMENTED,
  FAILED;

  /** Reads the suite's spelling ({@code NON-STRICT}, {@code WRONG CODE}) and ours. */
  static Behaviour parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_'));
  }

  boolean passes() {
    return this == OK || this == INFORMATIONAL;
  }

  boolean worseThan(Behaviour other) {
    return !passes() && compareTo(other) > 0;
  }
}
