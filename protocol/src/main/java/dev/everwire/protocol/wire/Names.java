package dev.everwire.protocol.wire;

/** Method names that Everwire itself uses. */
public final class Names {
  public static final String HELLO = "rpc.hello";
  public static final String SUBSCRIBE = "rpc.subscribe";
  public static final String UNSUBSCRIBE = "rpc.unsubscribe";
  public static final String PUBLISH = "rpc.publish";
  public static final String HISTORY = "rpc.history";
  public static final String EVENT = "rpc.event";
  public static final String AUTH = "rpc.auth";

  /** A call with positional parameters and metadata: {@code {"method","params","meta"}}. */
  public static final String CALL = "rpc.call";

  public static final String DISCOVER = "rpc.discover";
  public static final String PING = "$/ping";
  public static final String PONG = "$/pong";
  public static final String ACK = "$/ack";
  public static final String CANCEL = "$/cancelRequest";
  public static final String GAP = "$/gap";
  public static final String UNSUBSCRIBED = "$/unsubscribed";
  public static final String GOAWAY = "$/goaway";
  public static final String AUTH_EXPIRING = "$/authExpiring";
  public static final String ALERT = "$/alert";
  public static final String PROGRESS = "$/progress";
  public static final String ITEM = "$/item";
  public static final String CREDIT = "$/credit";
  public static final String END = "$/end";

  /** The member of named parameters that holds a {@link CallMeta}. */
  public static final String META = "_meta";

  /** The topic on which a session is told what is meant for it alone. */
  public static final String INBOX = "$inbox";

  /** The id of {@link #HELLO}, a string so that it stands outside the count of calls. */
  public static final String HELLO_ID = "\"h\"";

  private Names() {}
}
