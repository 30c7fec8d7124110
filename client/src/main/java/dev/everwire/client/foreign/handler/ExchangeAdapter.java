package dev.everwire.client.foreign.handler;

import dev.everwire.client.foreign.ForeignMessage;
import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.foreign.MessageKind;
import dev.everwire.client.foreign.ProtocolHandler;
import java.util.List;
import java.util.Optional;

/**
 * Lets an {@link ExchangeHandler} be used where a {@link ProtocolHandler} is wanted: a message with
 * a topic is an update, every other is unknown, and a subscribe that was written counts as
 * confirmed.
 */
public final class ExchangeAdapter implements ProtocolHandler {
  private final ExchangeHandler handler;

  public ExchangeAdapter(ExchangeHandler handler) {
    this.handler = handler;
  }

  @Override
  public List<? extends ForeignMessage> onConnect() {
    return handler.onConnect();
  }

  @Override
  public MessageKind classify(Text message) {
    return topic(message).isPresent() ? MessageKind.UPDATE : MessageKind.UNKNOWN;
  }

  /** None: such feeds answer nothing. */
  @Override
  public Optional<String> requestId(Text message) {
    return Optional.empty();
  }

  @Override
  public Optional<String> topic(Text message) {
    return handler.topic(message);
  }

  /** One message for each. */
  @Override
  public List<? extends ForeignMessage> subscribe(List<String> topics, String id) {
    return topics.stream().map(handler::subscribe).toList();
  }

  @Override
  public List<? extends ForeignMessage> unsubscribe(List<String> topics, String id) {
    return topics.stream().map(handler::unsubscribe).toList();
  }

  @Override
  public Text decodeBinary(byte[] bytes, int maxBytes) {
    return handler.decodeBinary(bytes, maxBytes);
  }
}
