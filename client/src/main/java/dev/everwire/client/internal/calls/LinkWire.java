package dev.everwire.client.internal.calls;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real connection. */
record LinkWire(Connection connection) implements Wire {
  @Override
  public Outgoing.Running call(OutboundCall call) {
    return connection.call(call);
  }

  @Override
  public List<Outgoing.Running> batch(List<Outgoing.Member> members) {
    return connection.batch(members);
  }

  @Override
  public Outgoing.Running again(long number, OutboundCall call) {
    return connection.calling().again(number, call);
  }

  @Override
  public Outgoing.Running adopt(long number, OutboundCall call) {
    return connection.calling().adopt(number, call);
  }

  @Override
  public void giveUp(long number) {
    connection.calling().giveUp(number);
  }

  @Override
  public Offer offer(String method, @Nullable RawJson params) {
    return connection.notify(method, params);
  }

  @Override
  public Offer send(String method, @Nullable RawJson params) {
    return Item.size(method, params) > connection.profile().maxMessageBytes()
        ? Offer.FULL
        : connection.put(new Message.Notification(method, params));
  }

  @Override
  public boolean open() {
    return connection.sendable();
  }

  @Override
  public long unsentBytes() {
    return connection.unsentBytes();
  }
}
