package dev.everwire.examples;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.session.contract.Rpc;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Calls through a contract: one that is answered, one that is refused, and what becomes of others
 * when the network breaks under them.
 */
public final class RequestResponse {

  /** A contract: a plain interface, the same at both ends. */
  interface Orders {
    @Rpc
    Order place(String sku, int quantity);

    @Rpc(idempotent = true) // does no harm twice, so it is sent again when its answer was lost
    Order find(String id);

    @Rpc
    CompletableFuture<Integer> count(); // the caller need not wait for it
  }

  record Order(String id, String sku, int quantity) {}

  /** Each call runs on a virtual thread of its own, so it may block. */
  private static final class Desk implements Orders {
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final Queue<Runnable> mishaps;

    Desk(Queue<Runnable> mishaps) {
      this.mishaps = mishaps;
    }

    @Override
    public Order place(String sku, int quantity) {
      if (quantity < 1) {
        throw new FaultException(
            FaultCode.INVALID_PARAMS, "quantity: " + quantity + " (expected: >= 1)");
      }
      Order order = new Order("o-" + (orders.size() + 1), sku, quantity);
      orders.put(order.id(), order);
      return answer(order);
    }

    @Override
    public Order find(String id) {
      return answer(orders.getOrDefault(id, new Order(id, "unknown", 0)));
    }

    @Override
    public CompletableFuture<Integer> count() {
      return CompletableFuture.completedFuture(orders.size());
    }

    private Order answer(Order order) {
      Runnable mishap = mishaps.poll();
      if (mishap != null) {
        mishap.run();
      }
      return order;
    }
  }

  private RequestResponse() {}

  public static void main(String[] arguments) throws IOException {
    run(System.out::println);
  }

  static void run(Consumer<String> out) throws IOException {
    Queue<Runnable> mishaps = new ConcurrentLinkedQueue<>(); // each befalls one call
    try (Server server = Everwire.server(0).expose(Orders.class, new Desk(mishaps)).start();
        TcpProxy network = TcpProxy.to(server.port());
        Client client =
            Everwire.client(URI.create("ws://127.0.0.1:" + network.port() + "/ws"))
                .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(50)))
                .connect()) {
      Orders orders = client.proxy(Orders.class);

      out.accept("placed: " + orders.place("tea", 2)); // waits; returns or throws
      try {
        orders.place("tea", 0);
      } catch (FaultException e) {
        out.accept("refused: " + e.fault().message());
      }

      // The network breaks while the call is out: the session goes on, and the answer comes on the
      // next connection.
      mishaps.add(() -> breakOnce(network));
      out.accept("placed: " + orders.place("glass", 1));

      // It breaks again. This call is idempotent: if the server could not say what became of it, it
      // would be sent once more.
      mishaps.add(() -> breakOnce(network));
      out.accept("found: " + orders.find("o-2"));

      // A call that is made while there is no connection waits for the next one.
      network.cut();
      Await.until(() -> !(client.status() instanceof Status.Ready));
      CompletableFuture<Integer> count = orders.count();
      network.resume();
      out.accept("orders: " + count.join());
    }
  }

  private static void breakOnce(TcpProxy network) {
    network.cut();
    network.resume();
  }
}
