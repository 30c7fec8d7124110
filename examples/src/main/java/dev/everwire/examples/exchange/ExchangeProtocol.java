package dev.everwire.examples.exchange;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.ProtocolHandler;
import dev.everwire.client.foreign.RequestIds;
import dev.everwire.client.foreign.Sending;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the exchange talks:
 *
 * <pre>
 * → {"id":1,"method":"subscribe","stream":"btc/trades"}   ← {"id":1,"result":null}
 * ← {"stream":"btc/trades","data":{"price":100.5,"quantity":2}}
 * → {"id":2,"method":"depth","market":"btc"}              ← {"id":2,"result":{"last":7,"levels":[…]}}
 * ← {"id":3,"error":"no market: doge"}
 * ← {"ping":1764000000}                                   → {"pong":1764000000}
 * ← {"event":"shutdown"}                                  and you had better come back
 * </pre>
 */
final class ExchangeProtocol implements ProtocolHandler {
  /** The rate limiter that a subscribe has to pass; the exchange throws out who is faster. */
  static final String SUBSCRIBES = "subscribes";

  private static final int REFUSED = 1;

  // ---- what a message is

  @Override
  public MessageKind classify(Text message) {
    if (has(message, "id")) {
      return MessageKind.RESPONSE;
    }
    return has(message, "stream") ? MessageKind.UPDATE : MessageKind.UNKNOWN;
  }

  @Override
  public Optional<String> requestId(Text message) {
    return member(message, "id").map(RawJson::toString);
  }

  @Override
  public Optional<String> topic(Text message) {
    return member(message, "stream").map(RawJson::asString);
  }

  @Override
  public Optional<Fault> fault(Text response) {
    return member(response, "error").map(why -> Fault.of(REFUSED, why.asString()));
  }

  @Override
  public RawJson result(Text response) {
    return member(response, "result").orElse(RawJson.NULL);
  }

  @Override
  public RawJson data(Text update) {
    return member(update, "data").orElse(RawJson.NULL);
  }

  // ---- subscriptions: one stream in each message, and not too many a second

  @Override
  public List<ForeignMessage> subscribe(List<String> topics, String id) {
    return message("subscribe", topics, id);
  }

  @Override
  public List<ForeignMessage> unsubscribe(List<String> topics, String id) {
    return message("unsubscribe", topics, id);
  }

  @Override
  public boolean confirmsSubscriptions() {
    return true;
  }

  @Override
  public Optional<String> limiter(Sending what) {
    return what == Sending.SUBSCRIBE ? Optional.of(SUBSCRIBES) : Optional.empty();
  }

  private static List<ForeignMessage> message(String method, List<String> topics, String id) {
    return topics.stream()
        .<ForeignMessage>map(topic ->
            ForeignMessage.text(
                "{\"id\":%s,\"method\":\"%s\",\"stream\":\"%s\"}".formatted(id, method, topic)))
        .toList();
  }

  // ---- requests

  @Override
  public String newRequestId(RequestIds ids) {
    return ids.number();
  }

  @Override
  public ForeignMessage injectRequestId(ForeignMessage request, String id) {
    return ForeignMessage.text("{\"id\":" + id + "," + request.asText().substring(1));
  }

  // ---- the exchange pings, and closes who does not answer

  @Override
  public boolean isServerPing(Text message) {
    return has(message, "ping");
  }

  @Override
  public Optional<ForeignMessage> pong(Text ping) {
    return member(ping, "ping").map(time -> ForeignMessage.text("{\"pong\":" + time + "}"));
  }

  // ---- it ends every connection after 24 hours, and says so before

  @Override
  public boolean shouldReconnect(Text message) {
    return member(message, "event")
        .filter(event -> event.asString().equals("shutdown"))
        .isPresent();
  }

  private static boolean has(Text message, String name) {
    return member(message, name).isPresent();
  }

  private static Optional<RawJson> member(Text message, String name) {
    @Nullable JsonMembers members = message.members();
    return members == null ? Optional.empty() : Optional.ofNullable(members.get(name));
  }
}
