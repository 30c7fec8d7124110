package dev.everwire.app.cli;

/** Ends a command. The message is the sentence its user reads; nothing else is printed. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  CommandException(ExitStatus status, String sentence) {
    super(sentence);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }

  /** Whoever read the output is gone; there is nobody to tell. */
  static final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputClosed() {
      super("output closed", null, false, false);
    }
  }
}
