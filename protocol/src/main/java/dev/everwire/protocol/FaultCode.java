package dev.everwire.protocol;

/**
 * The integer codes of a {@link Fault}. The five of JSON-RPC 2.0 section 5.1 and Everwire's own, as
 * listed in docs/protocol.md; applications use codes outside −32768…−32000.
 */
public final class FaultCode {
  /** The text is not JSON, or nests deeper than the receiver allows. */
  public static final int PARSE_ERROR = -32700;

  /** JSON, but not a JSON-RPC 2.0 message. */
  public static final int INVALID_REQUEST = -32600;

  /** No such method, or one that may not be called from outside. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** The method exists but these parameters do not fit it. */
  public static final int INVALID_PARAMS = -32602;

  /** The method failed by itself; the message carries an incident number and nothing else. */
  public static final int INTERNAL = -32603;

  /** Default of an application that does not choose a code. */
  public static final int APPLICATION = -32000;

  public static final int UNAUTHENTICATED = -32001;
  public static final int HELLO_REQUIRED = -32002;
  public static final int FORBIDDEN = -32003;
  public static final int NOT_FOUND = -32004;
  public static final int RATE_LIMITED = -32005;
  public static final int OVERLOADED = -32006;
  public static final int DEADLINE_PASSED = -32007;
  public static final int TOO_LARGE = -32008;
  public static final int CONFLICT = -32009;
  public static final int POSITION_LOST = -32010;

  /** The connection went away while the call was outstanding; made locally, never sent. */
  public static final int CONNECTION_LOST = -32011;

  public static final int DRAINING = -32012;
  public static final int TOKEN_EXPIRED = -32013;
  public static final int CANCELLED = -32800;

  private FaultCode() {}
}
