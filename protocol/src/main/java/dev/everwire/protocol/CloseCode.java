package dev.everwire.protocol;

/**
 * A WebSocket close code (RFC 6455 section 7.4) and what a client does about it. The verdict can be
 * read from the number alone, so that codes of a later version get a sensible answer too.
 *
 * @param value 1000…4999
 */
public record CloseCode(int value) {
  public static final CloseCode NORMAL = new CloseCode(1000);
  public static final CloseCode GOING_AWAY = new CloseCode(1001);
  public static final CloseCode PROTOCOL_ERROR = new CloseCode(1002);
  public static final CloseCode UNSUPPORTED_DATA = new CloseCode(1003);

  /** The peer's Close frame carried no code. Never sent. */
  public static final CloseCode NO_STATUS = new CloseCode(1005);

  /** The connection ended without a Close frame. Never sent. */
  public static final CloseCode ABNORMAL = new CloseCode(1006);

  public static final CloseCode INVALID_TEXT = new CloseCode(1007);
  public static final CloseCode POLICY = new CloseCode(1008);
  public static final CloseCode TOO_LARGE = new CloseCode(1009);
  public static final CloseCode INTERNAL_ERROR = new CloseCode(1011);
  public static final CloseCode SERVICE_RESTART = new CloseCode(1012);
  public static final CloseCode TRY_AGAIN_LATER = new CloseCode(1013);
  public static final CloseCode DRAIN = new CloseCode(4000);
  public static final CloseCode HEARTBEAT_LOST = new CloseCode(4001);
  public static final CloseCode SLOW_CONSUMER = new CloseCode(4002);
  public static final CloseCode MOVED = new CloseCode(4003);
  public static final CloseCode MAX_AGE = new CloseCode(4004);
  public static final CloseCode INSUFFICIENT_STATE = new CloseCode(4005);
  public static final CloseCode TOKEN_EXPIRED = new CloseCode(4101);
  public static final CloseCode OVERLOADED = new CloseCode(4200);
  public static final CloseCode RATE_LIMITED = new CloseCode(4201);
  public static final CloseCode BAD_PROTOCOL = new CloseCode(4400);
  public static final CloseCode UNAUTHENTICATED = new CloseCode(4401);
  public static final CloseCode FORBIDDEN = new CloseCode(4403);
  public static final CloseCode HELLO_TIMEOUT = new CloseCode(4408);
  public static final CloseCode REPLACED = new CloseCode(4409);
  public static final CloseCode KICKED = new CloseCode(4410);

  public CloseCode {
    if (value < 1000 || value > 4999) {
      throw new IllegalArgumentException("value: " + value + " (expected: 1000-4999)");
    }
  }

  /** What a client does when a connection ended with this code. */
  public enum Verdict {
    /** Connect again with jitter; the session may be resumed. */
    RECONNECT,
    /** Ask for a new token first, then connect. */
    REFRESH,
    /** Wait as long as the server said before, then connect. */
    WAIT,
    /** Do not come back: trying again would end the same way. */
    STOP
  }

  /** The rule of docs/protocol.md, section "Close codes". */
  public Verdict verdict() {
    return switch (value) {
      case 1000, 1002, 1003, 1007, 1008, 1009, 1010 -> Verdict.STOP;
      default -> {
        if (value < 4100) {
          yield Verdict.RECONNECT;
        } else if (value < 4200) {
          yield Verdict.REFRESH;
        } else if (value < 4300) {
          yield Verdict.WAIT;
        } else {
          yield Verdict.STOP;
        }
      }
    };
  }

  /** Whether an endpoint may put this code into a Close frame (RFC 6455 section 7.4.1). */
  public boolean sendable() {
    return value >= 3000
        || (value >= 1000 && value <= 1014 && value != 1004 && value != 1005 && value != 1006);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
