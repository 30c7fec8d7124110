package dev.everwire.session.internal;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.Signature;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two methods of a subscription in the manner of Ethereum's nodes from one handler that
 * returns its items. Safe from any thread.
 */
public final class SubscriptionMethods {
  private SubscriptionMethods() {}

  /**
   * @param items its handler returns an {@link Iterable}, which is closed in the end if it is
   *     {@link AutoCloseable}; may block
   * @param unsubscribe name of the method that ends such a subscription
   * @param notification name of what carries the items
   * @return the subscribing method, with the name of {@code items}, and the other
   */
  public static List<Exposed> of(Exposed items, String unsubscribe, String notification) {
    Handler subscribe = call -> subscribe(call, items.handler(), unsubscribe, notification);
    return List.of(items.servedBy(subscribe), ending(unsubscribe));
  }

  private static Exposed ending(String unsubscribe) {
    return Exposed.of(unsubscribe, call -> unsubscribe(call, unsubscribe), Execution.CONCURRENT)
        .describedBy(
            Signature.named(unsubscribe)
                .doc("Ends a subscription; answers whether there was one.")
                .parameter(Signature.Parameter.required("subscription", String.class))
                .result(new Signature.Result(boolean.class, false, false, ""))
                .build());
  }

  private static Object subscribe(
      Call call, Handler source, String unsubscribe, String notification) throws Exception {
    CallView view = view(call);
    InboundCall inbound = view.call();
    if (inbound.notification() || inbound.batch() != null) {
      // Items may follow only behind the answer: one does not have it, the other delays it.
      throw new FaultException(
          FaultCode.INVALID_REQUEST, "Invalid Request: expected a request outside a batch");
    }
    Subscriptions subscriptions = view.connection().subscriptions();
    String id = subscriptions.newId();
    Subscriptions.Flowing flowing =
        subscriptions.open(id, call.method(), unsubscribe, notification);
    boolean given = false;
    try {
      Iterable<?> items = items(source.handle(call));
      inbound.behind(() -> {
        if (inbound.abandoned()) {
          flowing.end(); // nobody learnt the id
        }
        flowing.begin(items);
      });
      given = true;
      return RawJson.string(id);
    } finally {
      if (!given) {
        flowing.end();
      }
    }
  }

  private static Iterable<?> items(@Nullable Object returned) {
    if (returned instanceof Iterable<?> items) {
      return items;
    }
    throw new IllegalStateException(
        "a subscription returned "
            + (returned == null ? "null" : returned.getClass().getName())
            + " (expected: an Iterable)");
  }

  private static Object unsubscribe(Call call, String unsubscribe) {
    String id = call.params().get(0, "subscription", String.class);
    return view(call).connection().subscriptions().end(id, unsubscribe)
        ? RawJson.TRUE
        : RawJson.FALSE;
  }

  private static CallView view(Call call) {
    if (call.caller() instanceof CallView view) {
      return view;
    }
    throw new IllegalStateException("caller: another one (expected: the one that calls)");
  }
}
