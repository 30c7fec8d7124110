package dev.everwire.it.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Handler;
import dev.everwire.session.Peer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everwire's end, of a client or of a server. */
record EverwireSide(Peer peer) implements Side {

  static Handler handler(Agreed.Method method) {
    return call -> {
      RawJson raw = call.params().raw();
      JsonNode params = raw == null ? Json.NULL : Json.read(raw.toString());
      return method.serve(params, new EverwireSide(call.caller().peer()));
    };
  }

  @Override
  public Ongoing call(String method, @Nullable JsonNode params) {
    CompletableFuture<@Nullable Object> future =
        peer.callAsync(method, params, RawJson.class, CallOptions.DEFAULT);
    return new Ongoing(
        future.handle(EverwireSide::answer),
        () -> {
          boolean unused = future.cancel(true);
        });
  }

  @Override
  public void notify(String method, @Nullable JsonNode params) {
    Offer offer = peer.notify(method, params);
    if (offer != Offer.QUEUED) {
      throw new IllegalStateException(method + ": " + offer);
    }
  }

  private static Answer answer(@Nullable Object value, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case null -> new Answer.Result(Json.read(String.valueOf(value)));
      case ConnectionLostException e -> new Answer.Lost(String.valueOf(e.getMessage()));
      case FaultException e -> refused(e.fault());
      case CancellationException e -> new Answer.Refused(-32800, "cancelled", null);
      default -> throw new AssertionError(cause);
    };
  }

  private static Answer refused(Fault fault) {
    RawJson data = fault.data();
    return new Answer.Refused(
        fault.code(), fault.message(), data == null ? null : Json.read(data.toString()));
  }
}
