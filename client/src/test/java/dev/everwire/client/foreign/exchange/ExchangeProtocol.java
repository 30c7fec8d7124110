package dev.everwire.client.foreign.exchange;

import dev.everwire.client.foreign.Confirmation;
import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.ProtocolHandler;
import dev.everwire.client.foreign.RequestIds;
import dev.everwire.client.foreign.Sending;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the exchange talks:
 *
 * <pre>{@code
 * → {"id":1,"method":"SUBSCRIBE","params":["trade.BTC"]}     each costs one of 5 a second
 * ← {"id":1,"ok":true}                                       or {"id":1,"ok":false,"why":"…"}
 * ← {"ch":"trade.BTC","seq":17,"price":100,"qty":3}
 * ← {"ch":"book.BTC","seq":9,"side":"b","price":99,"qty":0}  0: nobody offers that any more
 * → {"id":2,"method":"BOOK","params":["BTC"]}
 * ← {"id":2,"ok":true,"seq":9,"levels":[["b",98,4],["a",101,2]]}
 * ← {"ping":1790000000}                                      → {"pong":1790000000}, or it hangs up
 * ← {"event":"shutdown"}                                     come again
 * }</pre>
 */
final class ExchangeProtocol implements ProtocolHandler {
  /** Subscribes have to pass a limiter of this name: who asks too often is banned. */
  static final String SUBSCRIBES = "subscribes";

  static String trades(String symbol) {
    return "trade." + symbol;
  }

  static String book(String symbol) {
    return "book." + symbol;
  }

  /** A request for the whole book, without its id. */
  static RawJson bookRequest(String symbol) {
    return call("BOOK", List.of(symbol), null);
  }

  @Override
  public MessageKind classify(Text message) {
    if (get(message, "id") != null) {
      return MessageKind.RESPONSE;
    }
    if (get(message, "ch") != null) {
      return MessageKind.UPDATE;
    }
    return get(message, "event") != null ? MessageKind.SYSTEM : MessageKind.UNKNOWN;
  }

  @Override
  public Optional<String> requestId(Text message) {
    return Optional.ofNullable(get(message, "id")).map(RawJson::toString);
  }

  @Override
  public Optional<String> topic(Text message) {
    return Optional.ofNullable(get(message, "ch")).map(RawJson::asString);
  }

  @Override
  public Optional<Fault> fault(Text response) {
    if (RawJson.TRUE.equals(get(response, "ok"))) {
      return Optional.empty();
    }
    RawJson why = get(response, "why");
    return Optional.of(Fault.of(1, why == null ? "refused" : why.asString()));
  }

  @Override
  public List<ForeignMessage> subscribe(List<String> topics, String id) {
    return List.of(ForeignMessage.json(call("SUBSCRIBE", topics, id)));
  }

  @Override
  public List<ForeignMessage> unsubscribe(List<String> topics, String id) {
    return List.of(ForeignMessage.json(call("UNSUBSCRIBE", topics, id)));
  }

  @Override
  public boolean confirmsSubscriptions() {
    return true;
  }

  @Override
  public Confirmation confirmation(Text message, List<String> topics) {
    return fault(message)
        .map(why -> Confirmation.refused(topics, why))
        .orElseGet(() -> Confirmation.confirmed(topics));
  }

  @Override
  public boolean isServerPing(Text message) {
    return get(message, "ping") != null;
  }

  @Override
  public Optional<ForeignMessage> pong(Text ping) {
    RawJson when = get(ping, "ping");
    return when == null
        ? Optional.empty()
        : Optional.of(
            ForeignMessage.json(
                new JsonWriter().beginObject().name("pong").value(when).endObject().toRawJson()));
  }

  @Override
  public boolean shouldReconnect(Text message) {
    RawJson event = get(message, "event");
    return event != null && event.equals(RawJson.string("shutdown"));
  }

  @Override
  public String newRequestId(RequestIds ids) {
    return ids.number();
  }

  @Override
  public ForeignMessage injectRequestId(ForeignMessage request, String id) {
    JsonMembers members = RawJson.parse(request.asText()).members();
    return ForeignMessage.json(call(members.string("method"), members.strings("params"), id));
  }

  @Override
  public Optional<String> limiter(Sending what) {
    return what == Sending.SUBSCRIBE || what == Sending.UNSUBSCRIBE
        ? Optional.of(SUBSCRIBES)
        : Optional.empty();
  }

  private static RawJson call(String method, List<String> params, @Nullable String id) {
    JsonWriter writer = new JsonWriter().beginObject();
    if (id != null) {
      writer.name("id").value(Long.parseLong(id));
    }
    writer.name("method").value(method).name("params").beginArray();
    params.forEach(writer::value);
    return writer.endArray().endObject().toRawJson();
  }

  private static @Nullable RawJson get(Text message, String name) {
    JsonMembers members = message.members();
    return members == null ? null : members.get(name);
  }
}
