package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.ProtocolHandler;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Services that talk JSON-RPC 2.0 with subscriptions:
 *
 * <pre>{@code
 * → {"jsonrpc":"2.0","id":"01J…","method":"subscribe","params":["trades/btc"]}
 * ← {"jsonrpc":"2.0","id":"01J…","result":true}
 * ← {"jsonrpc":"2.0","method":"trade","params":{"subscription":"trades/btc","result":{…}}}
 * }</pre>
 *
 * <p>A notification's topic is its {@code params.subscription}, else its method; its data is {@code
 * params.result} beside a subscription, else the whole of {@code params}. An error response is a
 * fault, never a result. What asks this end for something (a method with an id) is control.
 */
public final class JsonRpcHandler implements ProtocolHandler {
  private static final String ID = "id";
  private static final String METHOD = "method";
  private static final String PARAMS = "params";
  private static final String RESULT = "result";
  private static final String ERROR = "error";

  private final String subscribe;
  private final String unsubscribe;
  private final boolean confirms;

  private JsonRpcHandler(String subscribe, String unsubscribe, boolean confirms) {
    this.subscribe = subscribe;
    this.unsubscribe = unsubscribe;
    this.confirms = confirms;
  }

  /** Subscribes by the methods {@code subscribe} and {@code unsubscribe}, which are answered. */
  public static JsonRpcHandler create() {
    return new JsonRpcHandler("subscribe", "unsubscribe", true);
  }

  /** The same with other methods. */
  public JsonRpcHandler methods(String subscribe, String unsubscribe) {
    return new JsonRpcHandler(subscribe, unsubscribe, confirms);
  }

  /** The same for a service that may not answer a subscribe. */
  public JsonRpcHandler unconfirmed() {
    return new JsonRpcHandler(subscribe, unsubscribe, false);
  }

  /** A request for {@code ForeignClient.request}, which puts in the id. */
  public static RawJson request(String method, @Nullable RawJson params) {
    JsonWriter writer = new JsonWriter().beginObject().name(METHOD).value(method);
    if (params != null) {
      writer.name(PARAMS).value(params);
    }
    return writer.endObject().toRawJson();
  }

  @Override
  public MessageKind classify(Text message) {
    JsonMembers members = message.members();
    if (members == null) {
      return MessageKind.UNKNOWN;
    }
    boolean named = JsonFields.string(message, METHOD) != null;
    boolean answered = members.names().contains(RESULT) || members.get(ERROR) != null;
    if (members.names().contains(ID)) {
      return answered && requestId(message).isPresent()
          ? MessageKind.RESPONSE
          : MessageKind.CONTROL;
    }
    return named ? MessageKind.UPDATE : MessageKind.CONTROL;
  }

  @Override
  public Optional<String> requestId(Text message) {
    return JsonFields.id(message, ID);
  }

  @Override
  public Optional<String> topic(Text message) {
    JsonMembers params = params(message);
    RawJson subscription = params == null ? null : params.get("subscription");
    if (subscription != null && subscription.kind() == RawJson.Kind.STRING) {
      return Optional.of(subscription.asString());
    }
    return Optional.ofNullable(JsonFields.string(message, METHOD));
  }

  @Override
  public Optional<Fault> fault(Text response) {
    RawJson error = JsonFields.get(response, ERROR);
    return error == null ? Optional.empty() : Optional.of(JsonFields.fault(error));
  }

  @Override
  public RawJson result(Text response) {
    RawJson result = JsonFields.get(response, RESULT);
    return result == null ? RawJson.NULL : result;
  }

  @Override
  public RawJson data(Text update) {
    RawJson params = JsonFields.get(update, PARAMS);
    JsonMembers members = params(update);
    if (members != null && members.get("subscription") != null) {
      RawJson result = JsonFields.getOrNull(members, RESULT);
      if (result != null) {
        return result;
      }
    }
    return params == null ? RawJson.NULL : params;
  }

  @Override
  public List<ForeignMessage> subscribe(List<String> topics, String id) {
    return List.of(listing(subscribe, topics, id));
  }

  @Override
  public List<ForeignMessage> unsubscribe(List<String> topics, String id) {
    return List.of(listing(unsubscribe, topics, id));
  }

  @Override
  public boolean confirmsSubscriptions() {
    return confirms;
  }

  @Override
  public ForeignMessage injectRequestId(ForeignMessage request, String id) {
    JsonMembers members = request instanceof Text text ? text.members() : null;
    if (members == null) {
      throw new IllegalArgumentException("request: no JSON object (expected: one)");
    }
    JsonWriter writer =
        new JsonWriter().beginObject().name("jsonrpc").value("2.0").name(ID).value(id);
    for (String name : members.names()) {
      if (!name.equals("jsonrpc") && !name.equals(ID)) {
        RawJson value = members.get(name);
        writer.name(name).value(value == null ? RawJson.NULL : value);
      }
    }
    return ForeignMessage.json(writer.endObject().toRawJson());
  }

  @Override
  public Text decodeBinary(byte[] bytes, int maxBytes) {
    return BinaryCoding.DETECT.decode(bytes, maxBytes);
  }

  private static @Nullable JsonMembers params(Text message) {
    RawJson params = JsonFields.get(message, PARAMS);
    return params == null || params.kind() != RawJson.Kind.OBJECT ? null : params.members();
  }

  private static ForeignMessage listing(String method, List<String> topics, String id) {
    JsonWriter writer =
        new JsonWriter()
            .beginObject()
            .name("jsonrpc")
            .value("2.0")
            .name(ID)
            .value(id)
            .name(METHOD)
            .value(method)
            .name(PARAMS)
            .beginArray();
    topics.forEach(writer::value);
    return ForeignMessage.json(writer.endArray().endObject().toRawJson());
  }
}
