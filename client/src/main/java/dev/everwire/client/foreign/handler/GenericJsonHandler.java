package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.Confirmation;
import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.ProtocolHandler;
import dev.everwire.client.foreign.RequestIds;
import dev.everwire.client.foreign.Sending;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Services that talk JSON objects with an operation, an id and a topic, whatever they call them:
 *
 * <pre>{@code
 * → {"op":"subscribe","req_id":"01J…","args":["trades/btc","trades/eth"]}
 * ← {"req_id":"01J…","result":true}
 * ← {"topic":"trades/btc","data":{…}}
 * }</pre>
 *
 * <p>Every name can be changed, see {@link GenericJsonBuilder}. Ids are read as strings or numbers.
 * Pings and pongs are known as {@code {"op":"ping"}} and as plain text.
 */
public final class GenericJsonHandler implements ProtocolHandler {
  private final GenericJsonBuilder.Names names;

  GenericJsonHandler(GenericJsonBuilder.Names names) {
    this.names = names;
  }

  /** With the names above. */
  public static GenericJsonHandler create() {
    return builder().build();
  }

  public static GenericJsonBuilder builder() {
    return new GenericJsonBuilder();
  }

  // ---- authentication

  @Override
  public Optional<ForeignMessage> authMessage(@Nullable String token) {
    if (names.authOp() == null || token == null) {
      return Optional.empty();
    }
    return Optional.of(
        ForeignMessage.json(
            operation(names.authOp()).name(names.token()).value(token).endObject().toRawJson()));
  }

  @Override
  public boolean isAuthSuccess(Text message) {
    return answersAuth(message) && fault(message).isEmpty();
  }

  @Override
  public boolean isAuthFailure(Text message) {
    return answersAuth(message) && fault(message).isPresent();
  }

  private boolean answersAuth(Text message) {
    return names.authOp() != null && is(message, names.operation(), names.authOp());
  }

  // ---- what a message is

  @Override
  public MessageKind classify(Text message) {
    if (names.type() != null) {
      String type = JsonFields.string(message, names.type());
      if (type != null && type.equals(names.responseType())) {
        return MessageKind.RESPONSE;
      }
      if (type != null && type.equals(names.updateType())) {
        return MessageKind.UPDATE;
      }
    }
    if (isServerPing(message) || isPong(message)) {
      return MessageKind.SYSTEM;
    }
    if (requestId(message).isPresent()) {
      return MessageKind.RESPONSE;
    }
    return topic(message).isPresent() ? MessageKind.UPDATE : MessageKind.UNKNOWN;
  }

  @Override
  public Optional<String> requestId(Text message) {
    return JsonFields.id(message, names.requestId());
  }

  @Override
  public Optional<String> topic(Text message) {
    return Optional.ofNullable(JsonFields.string(message, names.topic()));
  }

  @Override
  public Optional<Fault> fault(Text response) {
    RawJson error = JsonFields.get(response, names.error());
    if (error != null && error.kind() != RawJson.Kind.BOOLEAN) {
      return Optional.of(JsonFields.fault(error));
    }
    boolean failed =
        RawJson.TRUE.equals(error)
            || (names.success() != null
                && RawJson.FALSE.equals(JsonFields.get(response, names.success())));
    if (!failed) {
      return Optional.empty();
    }
    String message = JsonFields.string(response, names.message());
    int code = JsonFields.code(JsonFields.get(response, names.code()));
    return Optional.of(
        Fault.of(code, message == null ? "the service answered with an error" : message));
  }

  @Override
  public RawJson result(Text response) {
    return part(response, names.result());
  }

  @Override
  public RawJson data(Text update) {
    return part(update, names.data());
  }

  private RawJson part(Text message, String name) {
    RawJson part = JsonFields.getOrNull(message, name);
    return part == null ? ProtocolHandler.super.data(message) : part;
  }

  @Override
  public Text decodeBinary(byte[] bytes, int maxBytes) {
    return names.binary().decode(bytes, maxBytes);
  }

  // ---- subscriptions

  @Override
  public List<ForeignMessage> subscribe(List<String> topics, String id) {
    return List.of(listing(names.subscribeOp(), topics, id));
  }

  @Override
  public List<ForeignMessage> unsubscribe(List<String> topics, String id) {
    return List.of(listing(names.unsubscribeOp(), topics, id));
  }

  @Override
  public boolean confirmsSubscriptions() {
    return names.confirms();
  }

  /** All that were asked for, but those that the answer's list of refused ones names. */
  @Override
  public Confirmation confirmation(Text message, List<String> topics) {
    RawJson listed = names.refused() == null ? null : JsonFields.get(message, names.refused());
    if (listed == null || requestId(message).isEmpty()) {
      return ProtocolHandler.super.confirmation(message, topics);
    }
    Map<String, Fault> refused = refused(listed);
    List<String> confirmed = new ArrayList<>(topics);
    confirmed.removeAll(refused.keySet());
    return Confirmation.of(confirmed, refused);
  }

  /** {@code ["a","b"]} or {@code {"a":"why",…}}. */
  private static Map<String, Fault> refused(RawJson listed) {
    Map<String, Fault> refused = new HashMap<>();
    if (listed.kind() == RawJson.Kind.ARRAY) {
      for (RawJson topic : listed.elements()) {
        refused.put(topic.asString(), Fault.of(FaultCode.APPLICATION, "refused by the service"));
      }
    } else if (listed.kind() == RawJson.Kind.OBJECT) {
      var members = listed.members();
      for (String topic : members.names()) {
        RawJson why = members.get(topic);
        refused.put(topic, JsonFields.fault(why == null ? RawJson.NULL : why));
      }
    }
    return refused;
  }

  private ForeignMessage listing(String op, List<String> topics, String id) {
    JsonWriter writer = operation(op).name(names.requestId());
    JsonFields.id(writer, id, names.numericIds()).name(names.args()).beginArray();
    topics.forEach(writer::value);
    return ForeignMessage.json(writer.endArray().endObject().toRawJson());
  }

  // ---- heartbeat

  @Override
  public Optional<ForeignMessage> ping() {
    return Optional.of(ForeignMessage.json(operation(names.pingOp()).endObject().toRawJson()));
  }

  /** In the words of the ping: text for text, and an object with the ping's other members. */
  @Override
  public Optional<ForeignMessage> pong(Text ping) {
    if (ping.is(names.pingOp())) {
      return Optional.of(ForeignMessage.text(names.pongOp()));
    }
    JsonWriter pong = operation(names.pongOp());
    var members = ping.members();
    if (members != null) {
      JsonFields.copy(members, names.operation(), pong);
    }
    return Optional.of(ForeignMessage.json(pong.endObject().toRawJson()));
  }

  @Override
  public boolean isServerPing(Text message) {
    return message.is(names.pingOp()) || is(message, names.operation(), names.pingOp());
  }

  @Override
  public boolean isPong(Text message) {
    return message.is(names.pongOp()) || is(message, names.operation(), names.pongOp());
  }

  // ---- everything else

  @Override
  public boolean shouldReconnect(Text message) {
    return names.reconnectOp() != null && is(message, names.operation(), names.reconnectOp());
  }

  @Override
  public String newRequestId(RequestIds ids) {
    return names.numericIds() ? ids.number() : ids.ulid();
  }

  @Override
  public ForeignMessage injectRequestId(ForeignMessage request, String id) {
    return JsonFields.with(request, names.requestId(), JsonFields.idValue(id, names.numericIds()));
  }

  @Override
  public Optional<String> limiter(Sending what) {
    return Optional.ofNullable(names.limiters().get(what));
  }

  private JsonWriter operation(String op) {
    return new JsonWriter().beginObject().name(names.operation()).value(op);
  }

  private static boolean is(Text message, String name, String value) {
    return value.equals(JsonFields.string(message, name));
  }
}
