package dev.everwire.it.interop;

/** The upgrade was not made. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of the HTTP answer, 0 if there was none or the client does not tell
   */
  Refused(int status) {
    super("refused with status " + status);
    this.status = status;
  }

  int status() {
    return status;
  }
}
