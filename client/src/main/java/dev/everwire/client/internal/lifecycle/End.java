package dev.everwire.client.internal.lifecycle;

/** Why a client is closed for good. */
public sealed interface End {

  /** One sentence for people. */
  String why();

  /** This end asked for it. */
  record Asked(String why) implements End {}

  /** The server refused the upgrade in a way that another attempt would not change. */
  record Refused(int httpStatus, String message) implements End {
    @Override
    public String why() {
      return message + " (HTTP " + httpStatus + ")";
    }
  }

  /** The server refused hello in a way that another attempt would not change. */
  record Unwelcome(int faultCode, String message) implements End {
    @Override
    public String why() {
      return "hello refused: " + message + " (" + faultCode + ")";
    }
  }

  /** The connection was closed with a code that says not to come back. */
  record Stopped(int code, String reason) implements End {
    @Override
    public String why() {
      return "closed with " + code + (reason.isEmpty() ? "" : ": " + reason);
    }
  }

  /** The reconnect policy has no further attempt. */
  record GaveUp(String lastFailure) implements End {
    @Override
    public String why() {
      return "gave up after: " + lastFailure;
    }
  }
}
