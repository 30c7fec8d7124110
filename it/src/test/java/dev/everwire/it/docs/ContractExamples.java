package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Errors;
import dev.everwire.session.Interceptor;
import dev.everwire.session.contract.Default;
import dev.everwire.session.contract.Doc;
import dev.everwire.session.contract.Example;
import dev.everwire.session.contract.Notify;
import dev.everwire.session.contract.Raises;
import dev.everwire.session.contract.Rpc;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What docs/contracts.md shows. */
final class ContractExamples {
  // docs:contract
  interface Orders {
    @Rpc
    Order place(PlaceOrder command) throws SoldOut;

    @Rpc(idempotent = true) // does no harm twice
    Order find(String id);

    @Rpc
    List<Order> list(Optional<String> sku, @Default("20") int most);

    @Rpc
    CompletableFuture<Order> shipped(String id); // answered when it completes

    @Notify
    void seen(String id);
  }

  record PlaceOrder(String sku, int quantity) {}

  record Order(String id, String sku, int quantity) {}

  @Raises(code = 1409, message = "sold out")
  static final class SoldOut extends Exception {}

  // docs:end

  // docs:serve
  static Server serve(int port, Orders desk) throws IOException {
    return Everwire.server(port).expose(Orders.class, desk).start();
  }

  // docs:end

  // docs:call
  static Order buy(URI server) throws SoldOut {
    try (Client client = Everwire.client(server).connect()) {
      Orders orders = client.proxy(Orders.class);
      orders.list(Optional.of("tea"), 1).forEach(order -> orders.seen(order.id()));
      return orders.place(new PlaceOrder("tea", 2)); // waits; returns or throws
    }
  }

  // docs:end

  // docs:options
  static CompletableFuture<Order> soon(Client client, String id) {
    Orders patient = client.proxy(Orders.class, CallOptions.within(Duration.ofMinutes(10)));
    return patient.shipped(id); // at once; cancelling it cancels the call
  }

  // docs:end

  // docs:caller
  interface Approvals {
    @Rpc
    boolean ask(String question, Caller caller); // a proxy takes null for it
  }

  interface Screen {
    @Rpc
    boolean confirm(String question);
  }

  static final class AskBack implements Approvals {
    @Override
    public boolean ask(String question, Caller caller) {
      return caller.peer().proxy(Screen.class).confirm(question);
    }
  }

  // docs:end

  // docs:errors
  static final class NoSuchOrder extends RuntimeException {
    private final String id;

    NoSuchOrder(String id) {
      this.id = id;
    }
  }

  static final Errors ERRORS =
      Errors.builder()
          .map(
              1404,
              NoSuchOrder.class,
              fault -> new NoSuchOrder(fault.message()),
              exception -> Fault.of(1404, exception.id))
          .build();

  // docs:end

  // docs:interceptors
  static final Interceptor SIGNED_IN =
      (call, next) -> {
        if (call.caller().user().isEmpty()) {
          throw new FaultException(FaultCode.UNAUTHENTICATED, "sign in first");
        }
        return next.handle(call);
      };

  static Server guarded(int port, Orders desk) throws IOException {
    return Everwire.server(port)
        .identify(handshake -> Optional.ofNullable(handshake.bearerToken())) // look it up!
        .intercept(SIGNED_IN)
        .expose(Orders.class, desk)
        .errors(ERRORS)
        .start();
  }

  // docs:end

  // docs:doc
  @Doc("Sums.")
  interface Sums {
    @Rpc
    @Doc("Adds two numbers.")
    @Example(name = "small ones", params = "{\"a\":1,\"b\":2}", result = "3")
    int add(@Doc("Any.") int a, @Doc("Any.") int b);
  }

  // docs:end

  private ContractExamples() {}
}
