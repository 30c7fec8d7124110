package dev.everwire.app.cli;

/** How a command ends. Told in every {@code --help}, so a number once given stays. */
enum ExitStatus {
  OK(0),
  /** The other side answered, and the answer is an error. */
  REFUSED(1),
  /** Nothing was tried: an option or a value does not fit. */
  USAGE(2),
  /** The other side cannot be reached, went away or was too slow; or an address cannot be bound. */
  UNAVAILABLE(69),
  /** A defect of this program. */
  INTERNAL(70);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
