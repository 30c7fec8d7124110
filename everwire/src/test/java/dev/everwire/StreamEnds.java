package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.session.Batch;
import dev.everwire.session.Call;
import dev.everwire.session.stream.ItemStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server whose methods stream, and clients of it. */
abstract class StreamEnds {
  record Step(String what, int percent) {}

  final List<Client> clients = new ArrayList<>();
  final AtomicInteger produced = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger begun = new AtomicInteger();
  final CountDownLatch interrupted = new CountDownLatch(1);
  WholeContract network;
  Server server;

  abstract WholeContract network();

  @BeforeEach
  void start() throws IOException {
    network = network();
    server =
        network
            .serverThere()
            .values(JacksonValues.create())
            .method("count", this::count)
            .method("endless", this::endless)
            .method("large", this::large)
            .method("breaks", this::breaks)
            .method("silent", this::silent)
            .method("list", call -> List.of(1, 2, 3))
            .method("number", call -> 7)
            .method("sum", this::sum)
            .method("double", this::twice)
            .method("first", call -> call.params().stream(0, "n", int.class).iterator().next())
            .method("ignores", call -> "ignored")
            .method("steps", this::steps)
            .method(
                "sumOfMine",
                call -> {
                  try (ItemStream<Integer> mine =
                      call.caller().peer().stream("mine", List.of(), Integer.class)) {
                    return total(mine);
                  }
                })
            .method(
                "askAll",
                call -> {
                  Batch batch = call.caller().peer().batch();
                  CompletableFuture<Integer> one = batch.call("one", null, Integer.class);
                  CompletableFuture<Integer> two = batch.call("two", null, Integer.class);
                  batch.send();
                  return one.get() + two.get();
                })
            .start();
  }

  @AfterEach
  void close() {
    clients.forEach(Client::close);
    server.close();
    network.closeNetwork();
  }

  final Client connect() {
    return connect(network.clientThere());
  }

  final Client connect(ClientBuilder builder) {
    Client client = builder.connect();
    clients.add(client);
    return client;
  }

  // ---- methods of the server

  private ItemStream<Integer> count(Call call) {
    int to = call.params().get(0, "to", int.class);
    Iterator<Integer> numbers = IntStream.rangeClosed(1, to).iterator();
    return ItemStream.of(numbers, closed::incrementAndGet);
  }

  private ItemStream<Integer> endless(Call call) {
    Iterator<Integer> numbers =
        IntStream.iterate(1, n -> n + 1).peek(n -> produced.set(n)).iterator();
    return ItemStream.of(numbers, closed::incrementAndGet);
  }

  private ItemStream<String> large(Call call) {
    int count = call.params().get(0, "count", int.class);
    String item = "x".repeat(call.params().get(1, "size", int.class));
    return ItemStream.produce(sink -> {
      for (int i = 1; i <= count; i++) {
        sink.put(item);
        produced.set(i);
      }
    });
  }

  private ItemStream<Integer> breaks(Call call) {
    return ItemStream.produce(sink -> {
      sink.put(1);
      sink.put(2);
      if (call.params().get(0, "onPurpose", boolean.class)) {
        throw new FaultException(42, "no more");
      }
      throw new IllegalStateException("secret");
    });
  }

  private ItemStream<Integer> silent(Call call) {
    return ItemStream.produce(sink -> {
      begun.incrementAndGet();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    });
  }

  private int sum(Call call) {
    return total(call.params().stream(0, "numbers", Integer.class));
  }

  static int total(ItemStream<Integer> numbers) {
    int sum = 0;
    for (int n : numbers) {
      sum += n;
    }
    return sum;
  }

  /** A stream in, a stream out. */
  private ItemStream<Integer> twice(Call call) {
    ItemStream<Integer> numbers = call.params().stream(0, "numbers", Integer.class);
    return ItemStream.produce(sink -> {
      for (int n : numbers) {
        sink.put(2 * n);
      }
    });
  }

  private String steps(Call call) {
    for (int i = 1; i <= 5; i++) {
      call.caller().progress(new Step("step", 20 * i));
    }
    return "done";
  }

  static void assertFault(ItemStream<?> stream, int code) {
    Iterator<?> items = stream.iterator();
    assertThatThrownBy(items::hasNext)
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
  }
}
