package dev.everwire.server.internal.access;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.util.Locale;

/** How those are told who are not let in: docs/protocol.md, R3.8. */
public final class Refusals {
  /** What is answered to who has not shown who it is. */
  public static final Fault UNAUTHENTICATED =
      Fault.of(FaultCode.UNAUTHENTICATED, "not authenticated");

  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;

  private Refusals() {}

  public static Fault fault(Verdict.Refused refused) {
    int code =
        switch (refused.reason()) {
          case INVALID, REVOKED -> FaultCode.UNAUTHENTICATED;
          case EXPIRED -> FaultCode.TOKEN_EXPIRED;
          case FORBIDDEN -> FaultCode.FORBIDDEN;
        };
    return new Fault(
        code,
        refused.text(),
        new JsonWriter()
            .beginObject()
            .name("reason")
            .value(refused.reason().name().toLowerCase(Locale.ROOT))
            .endObject()
            .toRawJson());
  }

  public static Fault fault(Verdict.Unavailable unavailable) {
    return Fault.of(FaultCode.OVERLOADED, "cannot be authenticated now")
        .retryAfterMillis(Math.max(1, unavailable.retryAfter().toMillis()));
  }

  public static CloseCode close(Reason reason) {
    return switch (reason) {
      case INVALID, REVOKED -> CloseCode.UNAUTHENTICATED;
      case EXPIRED -> CloseCode.TOKEN_EXPIRED;
      case FORBIDDEN -> CloseCode.FORBIDDEN;
    };
  }

  /** Of HTTP. */
  public static int status(Reason reason) {
    return reason == Reason.FORBIDDEN ? FORBIDDEN : UNAUTHORISED;
  }
}
