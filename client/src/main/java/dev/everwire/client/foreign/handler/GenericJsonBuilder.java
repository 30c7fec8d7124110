package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.Sending;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of a service for {@link GenericJsonHandler}. One thread at a time. */
public final class GenericJsonBuilder {

  /** All names. */
  record Names(
      String requestId,
      String topic,
      String operation,
      String args,
      String data,
      String result,
      String error,
      String message,
      String code,
      String subscribeOp,
      String unsubscribeOp,
      String pingOp,
      String pongOp,
      @Nullable String reconnectOp,
      @Nullable String authOp,
      String token,
      @Nullable String type,
      @Nullable String responseType,
      @Nullable String updateType,
      @Nullable String success,
      @Nullable String refused,
      boolean numericIds,
      boolean confirms,
      BinaryCoding binary,
      Map<Sending, String> limiters) {}

  private String requestId = "req_id";
  private String topic = "topic";
  private String operation = "op";
  private String args = "args";
  private String data = "data";
  private String result = "result";
  private String error = "error";
  private String message = "message";
  private String code = "code";
  private String subscribeOp = "subscribe";
  private String unsubscribeOp = "unsubscribe";
  private String pingOp = "ping";
  private String pongOp = "pong";
  private @Nullable String reconnectOp;
  private @Nullable String authOp;
  private String token = "token";
  private @Nullable String type;
  private @Nullable String responseType;
  private @Nullable String updateType;
  private @Nullable String success;
  private @Nullable String refused;
  private boolean numericIds;
  private boolean confirms = true;
  private BinaryCoding binary = BinaryCoding.DETECT;
  private final Map<Sending, String> limiters = new EnumMap<>(Sending.class);

  GenericJsonBuilder() {}

  /** {@code req_id} unless said. */
  public GenericJsonBuilder requestIdField(String name) {
    this.requestId = name("requestIdField", name);
    return this;
  }

  /** {@code topic} unless said. */
  public GenericJsonBuilder topicField(String name) {
    this.topic = name("topicField", name);
    return this;
  }

  /** {@code op} unless said. */
  public GenericJsonBuilder operationField(String name) {
    this.operation = name("operationField", name);
    return this;
  }

  /** The list of topics in a subscribe, {@code args} unless said. */
  public GenericJsonBuilder argsField(String name) {
    this.args = name("argsField", name);
    return this;
  }

  /** What an update brings, {@code data} unless said; without it the whole message is the data. */
  public GenericJsonBuilder dataField(String name) {
    this.data = name("dataField", name);
    return this;
  }

  /** What a response brings, {@code result} unless said; without it the whole message is. */
  public GenericJsonBuilder resultField(String name) {
    this.result = name("resultField", name);
    return this;
  }

  /**
   * Present in a response that failed, {@code error} unless said: a text, an object with code and
   * message, or {@code true}.
   */
  public GenericJsonBuilder errorField(String name) {
    this.error = name("errorField", name);
    return this;
  }

  /**
   * A boolean that is false in a response that failed, whose fault is in the two other members.
   * None unless said.
   *
   * @param message {@code message} unless said
   * @param code {@code code} unless said
   */
  public GenericJsonBuilder successField(String name, String message, String code) {
    this.success = name("successField", name);
    this.message = name("message", message);
    this.code = name("code", code);
    return this;
  }

  /**
   * Topics that the answer to a subscribe refuses while the others are confirmed: a list, or an
   * object of topics and reasons. None unless said.
   */
  public GenericJsonBuilder refusedField(String name) {
    this.refused = name("refusedField", name);
    return this;
  }

  /** {@code subscribe} and {@code unsubscribe} unless said. */
  public GenericJsonBuilder subscribeOps(String subscribe, String unsubscribe) {
    this.subscribeOp = name("subscribe", subscribe);
    this.unsubscribeOp = name("unsubscribe", unsubscribe);
    return this;
  }

  /** {@code ping} and {@code pong} unless said, both as operations and as plain text. */
  public GenericJsonBuilder heartbeatOps(String ping, String pong) {
    this.pingOp = name("ping", ping);
    this.pongOp = name("pong", pong);
    return this;
  }

  /** By which the service asks us to connect again. None unless said. */
  public GenericJsonBuilder reconnectOp(String op) {
    this.reconnectOp = name("reconnectOp", op);
    return this;
  }

  /**
   * Sends {@code {"op":"auth","token":…}} on each connection, if the client has a token. The answer
   * has the same operation. None unless said.
   */
  public GenericJsonBuilder auth(String op, String tokenField) {
    this.authOp = name("op", op);
    this.token = name("tokenField", tokenField);
    return this;
  }

  /** A member that says outright what a message is, and its values. None unless said. */
  public GenericJsonBuilder typeField(String name, String response, String update) {
    this.type = name("typeField", name);
    this.responseType = name("response", response);
    this.updateType = name("update", update);
    return this;
  }

  /** Ids are numbers that count from 1, not ULID strings. */
  public GenericJsonBuilder numericIds() {
    this.numericIds = true;
    return this;
  }

  /** Whether a subscribe is answered; true unless said. */
  public GenericJsonBuilder confirmsSubscriptions(boolean confirms) {
    this.confirms = confirms;
    return this;
  }

  /** What binary messages hold; {@link BinaryCoding#DETECT} unless said. */
  public GenericJsonBuilder binary(BinaryCoding coding) {
    this.binary = coding;
    return this;
  }

  /** These messages have to pass the client's rate limiter of this name. */
  public GenericJsonBuilder limiter(Sending what, String name) {
    limiters.put(what, name("limiter", name));
    return this;
  }

  public GenericJsonHandler build() {
    return new GenericJsonHandler(
        new Names(
            requestId,
            topic,
            operation,
            args,
            data,
            result,
            error,
            message,
            code,
            subscribeOp,
            unsubscribeOp,
            pingOp,
            pongOp,
            reconnectOp,
            authOp,
            token,
            type,
            responseType,
            updateType,
            success,
            refused,
            numericIds,
            confirms,
            binary,
            Map.copyOf(limiters)));
  }

  private static String name(String what, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(what + ": empty (expected: a name)");
    }
    return value;
  }
}
