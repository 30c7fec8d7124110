package dev.everwire.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.session.Caller;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Errors;
import dev.everwire.session.contract.Default;
import dev.everwire.session.contract.Notify;
import dev.everwire.session.contract.Raises;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.stream.ItemStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Two ends that serve each other an interface, whatever carries it. */
abstract class TypedEnds {
  record Order(String id, String sku, int quantity) {}

  record PlaceOrder(String sku, int quantity) {}

  @Raises(code = 1409, message = "sold out")
  static final class SoldOut extends Exception {
    SoldOut(String message) {
      super(message);
    }
  }

  static class NoSuchOrder extends RuntimeException {
    final String id;

    NoSuchOrder(String id) {
      super("secret: " + id);
      this.id = id;
    }
  }

  /** The server's. */
  interface Orders {
    @Rpc
    Order place(PlaceOrder command) throws SoldOut;

    @Rpc(idempotent = true)
    Order find(String id);

    @Rpc
    List<Order> list(Optional<String> sku, @Default("10") int most);

    @Rpc(positional = true)
    @Nullable String note(String id, @Nullable String text);

    @Rpc
    Optional<Order> newest(Caller caller);

    @Rpc
    CompletableFuture<Order> later(String id) throws SoldOut;

    @Rpc
    CompletionStage<Void> nothingLater();

    @Rpc
    void hang() throws InterruptedException;

    @Rpc
    void fail(String how) throws Exception;

    @Rpc
    String askBack(String question, Caller caller);

    @Rpc
    ItemStream<Order> follow(String sku, int count);

    @Rpc
    ItemStream<Integer> running(ItemStream<Integer> numbers, int from);

    @Rpc(positional = true)
    int sum(String label, ItemStream<Integer> numbers);

    @Notify
    void seen(String id);

    default String skuOf(String id) {
      return find(id).sku();
    }
  }

  /** The client's. */
  interface Desk {
    @Rpc
    String answer(String question);
  }

  static final class Book implements Orders {
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final CountDownLatch interrupted = new CountDownLatch(1);
    final CompletableFuture<Order> never = new CompletableFuture<>();

    @Override
    public Order place(PlaceOrder command) throws SoldOut {
      if (command.sku().equals("none")) {
        throw new SoldOut("secret");
      }
      return new Order("o-1", command.sku(), command.quantity());
    }

    @Override
    public Order find(String id) {
      if (!id.equals("o-1")) {
        throw new NoSuchOrder(id);
      }
      return new Order(id, "a", 1);
    }

    @Override
    public List<Order> list(Optional<String> sku, int most) {
      return List.of(new Order("o-1", sku.orElse("any"), most));
    }

    @Override
    public @Nullable String note(String id, @Nullable String text) {
      return text;
    }

    @Override
    public Optional<Order> newest(Caller caller) {
      return caller.remoteAddress().isEmpty() ? Optional.empty() : Optional.of(find("o-1"));
    }

    @Override
    public CompletableFuture<Order> later(String id) {
      return switch (id) {
        case "never" -> never;
        case "none" -> CompletableFuture.failedFuture(new SoldOut("secret"));
        default -> CompletableFuture.completedFuture(find(id));
      };
    }

    @Override
    public CompletionStage<Void> nothingLater() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void hang() throws InterruptedException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }

    @Override
    public void fail(String how) throws Exception {
      throw switch (how) {
        case "fault" -> new FaultException(77, "on purpose");
        case "lost" -> new ConnectionLostException(true, "somebody else");
        case "subclass" -> new NoSuchOrder("o-2") {};
        case "error" -> throw new StackOverflowError("secret");
        case "checked" -> new IOException("secret");
        default -> new IllegalStateException("secret");
      };
    }

    @Override
    public String askBack(String question, Caller caller) {
      return caller.peer().proxy(Desk.class).answer(question);
    }

    @Override
    public ItemStream<Order> follow(String sku, int count) {
      return ItemStream.of(IntStream.range(0, count).mapToObj(i -> new Order("o-" + i, sku, i)));
    }

    @Override
    public ItemStream<Integer> running(ItemStream<Integer> numbers, int from) {
      return ItemStream.produce(sink -> {
        int sum = from;
        for (int number : numbers) {
          sum += number;
          sink.put(sum);
        }
      });
    }

    @Override
    public int sum(String label, ItemStream<Integer> numbers) {
      int sum = 0;
      for (int number : numbers) {
        sum += number;
      }
      return sum;
    }

    @Override
    public void seen(String id) {
      seen.add(id);
    }
  }

  static final Errors ERRORS =
      Errors.builder()
          .map(
              1404,
              NoSuchOrder.class,
              fault -> new NoSuchOrder(fault.message().substring("no order ".length())),
              exception -> Fault.of(1404, "no order " + exception.id))
          .build();

  final Book book = new Book();
  final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable Server server;

  abstract ServerBuilder serverThere();

  abstract ClientBuilder clientThere(Server server);

  abstract void closeNetwork();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    closeNetwork();
  }

  final Client connect() throws IOException {
    return connect(builder());
  }

  final ClientBuilder builder() throws IOException {
    server =
        serverThere()
            .drainFor(Duration.ofMillis(100))
            .expose(Orders.class, book)
            .errors(ERRORS)
            .start();
    opened.add(server);
    return clientThere(server).errors(ERRORS);
  }

  final Client connect(ClientBuilder builder) {
    Client client = builder.connect();
    opened.add(client);
    return client;
  }

  static Consumer<Throwable> is(int code) {
    return thrown ->
        assertThat(thrown)
            .isInstanceOfSatisfying(
                FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
  }
}
