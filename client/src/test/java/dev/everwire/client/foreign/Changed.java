package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another handler, of which a test changes something. */
class Changed implements ProtocolHandler {
  private final ProtocolHandler rest;

  Changed(ProtocolHandler rest) {
    this.rest = rest;
  }

  @Override
  public List<? extends ForeignMessage> onConnect() {
    return rest.onConnect();
  }

  @Override
  public Optional<ForeignMessage> authMessage(@Nullable String token) {
    return rest.authMessage(token);
  }

  @Override
  public boolean isAuthSuccess(Text message) {
    return rest.isAuthSuccess(message);
  }

  @Override
  public boolean isAuthFailure(Text message) {
    return rest.isAuthFailure(message);
  }

  @Override
  public MessageKind classify(Text message) {
    return rest.classify(message);
  }

  @Override
  public Optional<String> requestId(Text message) {
    return rest.requestId(message);
  }

  @Override
  public Optional<String> topic(Text message) {
    return rest.topic(message);
  }

  @Override
  public Optional<Fault> fault(Text response) {
    return rest.fault(response);
  }

  @Override
  public RawJson result(Text response) {
    return rest.result(response);
  }

  @Override
  public RawJson data(Text update) {
    return rest.data(update);
  }

  @Override
  public Text decodeBinary(byte[] bytes, int maxBytes) {
    return rest.decodeBinary(bytes, maxBytes);
  }

  @Override
  public List<? extends ForeignMessage> subscribe(List<String> topics, String id) {
    return rest.subscribe(topics, id);
  }

  @Override
  public List<? extends ForeignMessage> unsubscribe(List<String> topics, String id) {
    return rest.unsubscribe(topics, id);
  }

  @Override
  public boolean confirmsSubscriptions() {
    return rest.confirmsSubscriptions();
  }

  @Override
  public Confirmation confirmation(Text message, List<String> topics) {
    return rest.confirmation(message, topics);
  }

  @Override
  public Optional<ForeignMessage> ping() {
    return rest.ping();
  }

  @Override
  public Optional<ForeignMessage> pong(Text ping) {
    return rest.pong(ping);
  }

  @Override
  public boolean isServerPing(Text message) {
    return rest.isServerPing(message);
  }

  @Override
  public boolean isPong(Text message) {
    return rest.isPong(message);
  }

  @Override
  public boolean shouldReconnect(Text message) {
    return rest.shouldReconnect(message);
  }

  @Override
  public boolean shouldReconnect(int closeCode) {
    return rest.shouldReconnect(closeCode);
  }

  @Override
  public String newRequestId(RequestIds ids) {
    return rest.newRequestId(ids);
  }

  @Override
  public ForeignMessage injectRequestId(ForeignMessage request, String id) {
    return rest.injectRequestId(request, id);
  }

  @Override
  public Optional<String> limiter(Sending what) {
    return rest.limiter(what);
  }
}
