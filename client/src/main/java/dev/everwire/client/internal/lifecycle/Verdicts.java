package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;

/** What a number from the server says about coming back. */
public final class Verdicts {
  private Verdicts() {}

  /** As docs/protocol.md has it; whatever is no code of it may pass. */
  public static CloseCode.Verdict of(int closeCode) {
    return closeCode < 1000 || closeCode > 4999
        ? CloseCode.Verdict.RECONNECT
        : new CloseCode(closeCode).verdict();
  }

  /** What the server would say again. Everything else may pass: 429 and 503 say so themselves. */
  static boolean permanent(int httpStatus) {
    return switch (httpStatus) {
      case 400, 401, 403, 404 -> true;
      default -> false;
    };
  }

  /** What another token may change. */
  static boolean unauthenticated(int httpStatus) {
    return httpStatus == 401 || httpStatus == 403;
  }

  /** As {@link #unauthenticated} of a close code that says to stop. */
  static boolean closedUnauthenticated(int closeCode) {
    return closeCode == CloseCode.UNAUTHENTICATED.value()
        || closeCode == CloseCode.FORBIDDEN.value();
  }

  /** As {@link #unauthenticated} of the fault that answered what was said first. */
  static boolean faultUnauthenticated(int faultCode) {
    return switch (faultCode) {
      case FaultCode.UNAUTHENTICATED, FaultCode.FORBIDDEN, FaultCode.TOKEN_EXPIRED -> true;
      default -> false;
    };
  }
}
