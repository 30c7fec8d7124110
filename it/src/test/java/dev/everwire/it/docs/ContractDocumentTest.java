package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.it.docs.ContractExamples.Approvals;
import dev.everwire.it.docs.ContractExamples.AskBack;
import dev.everwire.it.docs.ContractExamples.NoSuchOrder;
import dev.everwire.it.docs.ContractExamples.Order;
import dev.everwire.it.docs.ContractExamples.Orders;
import dev.everwire.it.docs.ContractExamples.PlaceOrder;
import dev.everwire.it.docs.ContractExamples.Screen;
import dev.everwire.it.docs.ContractExamples.SoldOut;
import dev.everwire.it.docs.ContractExamples.Sums;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/contracts.md says is so. */
@Timeout(60)
class ContractDocumentTest {
  private static final class Desk implements Orders {
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @Override
    public Order place(PlaceOrder command) throws SoldOut {
      if (command.quantity() > 2) {
        throw new SoldOut();
      }
      return new Order("o-2", command.sku(), command.quantity());
    }

    @Override
    public Order find(String id) {
      throw new NoSuchOrder(id);
    }

    @Override
    public List<Order> list(Optional<String> sku, int most) {
      return List.of(new Order("o-1", sku.orElse("any"), most));
    }

    @Override
    public CompletableFuture<Order> shipped(String id) {
      return CompletableFuture.completedFuture(new Order(id, "tea", 2));
    }

    @Override
    public void seen(String id) {
      seen.add(id);
    }
  }

  private final Desk desk = new Desk();

  @Test
  void everyJavaExampleIsOneThatIsCompiledHere() throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    assertThat(DocumentsTest.shown(home.resolve("docs/contracts.md")))
        .isNotEmpty()
        .isEqualTo(
            DocumentsTest.regions(
                home.resolve("it/src/test/java/dev/everwire/it/docs/ContractExamples.java")));
  }

  @Test
  void aServerIsCalledThroughItsInterface() throws Exception {
    try (Server server = ContractExamples.serve(0, desk)) {
      assertThat(ContractExamples.buy(uri(server))).isEqualTo(new Order("o-2", "tea", 2));
      assertThat(desk.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("o-1");
      try (Client client = Everwire.client(uri(server)).connect()) {
        assertThat(ContractExamples.soon(client, "o-2").get(10, TimeUnit.SECONDS).id())
            .isEqualTo("o-2");
        Orders orders = client.proxy(Orders.class);
        assertThatThrownBy(() -> orders.place(new PlaceOrder("tea", 3)))
            .isInstanceOf(SoldOut.class);
        assertThat(client.call("orders.list", Map.of("most", 5), Order[].class))
            .containsExactly(new Order("o-1", "any", 5));
      }
    }
  }

  @Test
  void theServerAsksBack() throws Exception {
    try (Server server = Everwire.server(0).expose(Approvals.class, new AskBack()).start();
        Client client =
            Everwire.client(uri(server))
                .expose(Screen.class, question -> question.equals("sure?"))
                .connect()) {
      Approvals approvals = client.proxy(Approvals.class);
      assertThat(approvals.ask("sure?", null)).isTrue();
      assertThat(approvals.ask("really?", null)).isFalse();
    }
  }

  @Test
  void whoIsNotSignedInIsRefused() throws Exception {
    try (Server server = ContractExamples.guarded(0, desk);
        Client stranger = Everwire.client(uri(server)).connect();
        Client known =
            Everwire.client(uri(server))
                .header("Authorization", "Bearer abc")
                .errors(ContractExamples.ERRORS)
                .connect()) {
      assertThatThrownBy(() -> stranger.proxy(Orders.class).find("o-1"))
          .isInstanceOfSatisfying(
              FaultException.class,
              e -> assertThat(e.fault().code()).isEqualTo(FaultCode.UNAUTHENTICATED));
      assertThatThrownBy(() -> known.proxy(Orders.class).find("o-1"))
          .isInstanceOf(NoSuchOrder.class);
    }
  }

  @Test
  void whatIsDocumentedIsServed() throws Exception {
    try (Server server = Everwire.server(0).expose(Sums.class, Integer::sum).start();
        Client client = Everwire.client(uri(server)).connect()) {
      assertThat(client.proxy(Sums.class).add(1, 2)).isEqualTo(3);
    }
  }

  private static URI uri(Server server) {
    return URI.create("ws://127.0.0.1:" + server.port() + "/ws");
  }
}
