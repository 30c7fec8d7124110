package dev.everwire.session.internal;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Caller;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.rpc.Turn;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The caller of one call. Safe from any thread. */
final class CallView implements Caller {
  private final Connection connection;
  private final InboundCall call;

  CallView(Connection connection, InboundCall call) {
    this.connection = connection;
    this.call = call;
  }

  Connection connection() {
    return connection;
  }

  InboundCall call() {
    return call;
  }

  @Override
  public Peer peer() {
    Connection latest = connection.tenure().latest();
    Turn turn = latest == connection ? call.turn() : null;
    return turn == null ? latest.peer() : latest.peer(turn);
  }

  @Override
  public Optional<String> user() {
    return connection.user();
  }

  @Override
  public Set<String> roles() {
    return connection.roles();
  }

  @Override
  public String sessionId() {
    return connection.sessionId();
  }

  @Override
  public String connectionId() {
    return connection.connectionId();
  }

  @Override
  public String remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public Optional<Duration> remaining() {
    if (!call.hasDeadline()) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Math.max(0, call.deadline() - connection.loop().now())));
  }

  @Override
  public boolean cancelled() {
    return call.abandoned() || connection.tenure().forgotten(call);
  }

  @Override
  public void progress(Object value) {
    RawJson token = call.meta().progressToken();
    if (token == null || cancelled()) {
      return;
    }
    RawJson encoded = value instanceof RawJson raw ? raw : connection.values().encode(value);
    JsonWriter params = new JsonWriter();
    params.beginObject().name("token").value(token).name("value").value(encoded).endObject();
    connection.progress(call, params.toRawJson());
  }
}
