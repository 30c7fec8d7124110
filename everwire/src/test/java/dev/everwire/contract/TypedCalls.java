package dev.everwire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.server.Server;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Errors;
import dev.everwire.session.NotSentException;
import dev.everwire.session.RemoteFaultException;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.stream.ItemStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interfaces served at one end and called from the other, whatever carries them. */
@Timeout(60)
abstract class TypedCalls extends TypedEnds {
  @Test
  void aMethodIsCalledAsIfItWereHere() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    assertThat(orders.place(new PlaceOrder("a", 2))).isEqualTo(new Order("o-1", "a", 2));
    assertThat(orders.find("o-1").sku()).isEqualTo("a");
    assertThat(orders.list(Optional.of("b"), 3)).containsExactly(new Order("o-1", "b", 3));
    assertThat(orders.list(Optional.empty(), 0)).containsExactly(new Order("o-1", "any", 0));
    assertThat(orders.note("o-1", "hello")).isEqualTo("hello");
    assertThat(orders.note("o-1", null)).isNull();
    assertThat(orders.newest(null)).contains(new Order("o-1", "a", 1));
    assertThat(orders.skuOf("o-1")).isEqualTo("a");
  }

  @Test
  void whoHasNoInterfaceCallsTheSame() throws Exception {
    Client client = connect();

    assertThat(client.call("orders.place", Map.of("command", new PlaceOrder("a", 2)), Order.class))
        .isEqualTo(new Order("o-1", "a", 2));
    assertThat(client.call("orders.list", List.of(), Order[].class))
        .containsExactly(new Order("o-1", "any", 10));
    assertThatThrownBy(() -> client.call("orders.skuOf", List.of("o-1"), String.class))
        .satisfies(is(FaultCode.METHOD_NOT_FOUND));
    assertThatThrownBy(() -> client.call("orders.find", Map.of("number", 1), Order.class))
        .satisfies(is(FaultCode.INVALID_PARAMS))
        .hasMessageContaining("id: missing");
  }

  @Test
  void bothEndsServeAndCall() throws Exception {
    Client client = connect(builder().expose(Desk.class, question -> question + "!"));

    assertThat(client.proxy(Orders.class).askBack("well", null)).isEqualTo("well!");
  }

  @Test
  void aNotificationIsSentAndNothingComesBack() throws Exception {
    Client client = connect();
    Orders orders = client.proxy(Orders.class);

    orders.seen("o-1");

    assertThat(book.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("o-1");
    client.close();
    assertThatThrownBy(() -> orders.seen("o-2"))
        .isInstanceOf(NotSentException.class)
        .hasMessageContaining("no connection");
    assertThatThrownBy(() -> orders.find("o-1")).isInstanceOf(ConnectionLostException.class);
  }

  // ---- futures

  @Test
  void aFutureIsAnsweredWhenItCompletes() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    CompletableFuture<Order> never = orders.later("never");
    assertThat(orders.later("o-1").get(10, TimeUnit.SECONDS)).isEqualTo(new Order("o-1", "a", 1));
    assertThat(orders.nothingLater().toCompletableFuture().get(10, TimeUnit.SECONDS)).isNull();
    assertThat(never).isNotDone();
    book.never.complete(new Order("at last", "a", 1));
    assertThat(never.get(10, TimeUnit.SECONDS).id()).isEqualTo("at last");
  }

  @Test
  void aFutureFailsWithTheMappedException() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    assertThatThrownBy(() -> orders.later("none").get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(SoldOut.class)
        .hasMessage("sold out");
    assertThatThrownBy(() -> orders.later("o-3").get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(NoSuchOrder.class);
  }

  @Test
  void cancellingTheFutureCancelsTheHandlersFuture() throws Exception {
    Orders orders = connect().proxy(Orders.class);
    CompletableFuture<Order> never = orders.later("never");
    assertThat(orders.find("o-1")).isNotNull();

    never.cancel(true);

    assertThatThrownBy(() -> book.never.get(10, TimeUnit.SECONDS))
        .isInstanceOf(java.util.concurrent.CancellationException.class);
  }

  // ---- streams

  @Test
  void streamsGoOutAndComeIn() throws Exception {
    Client client = connect();
    Orders orders = client.proxy(Orders.class);

    try (ItemStream<Order> followed = orders.follow("a", 1_000)) {
      int seen = 0;
      for (Order order : followed) {
        assertThat(order).isEqualTo(new Order("o-" + seen, "a", seen));
        seen++;
      }
      assertThat(seen).isEqualTo(1_000);
    }
    assertThat(orders.sum("all", ItemStream.of(List.of(1, 2, 3)))).isEqualTo(6);
    try (ItemStream<Integer> sums = orders.running(ItemStream.of(List.of(1, 2, 3)), 10)) {
      assertThat(sums).containsExactly(11, 13, 16);
    }
    assertThat(client.call("orders.sum", List.of("all", List.of(4, 5)), int.class)).isEqualTo(9);
    assertThat(client.call("orders.follow", List.of("a", 1), Order[].class))
        .containsExactly(new Order("o-0", "a", 0));
    assertThatThrownBy(() -> client.call("orders.sum", List.of("all"), int.class))
        .satisfies(is(FaultCode.INVALID_PARAMS))
        .hasMessageContaining("numbers: missing");
    assertThatThrownBy(() -> client.call("orders.sum", List.of("all", "x"), int.class))
        .satisfies(is(FaultCode.INVALID_PARAMS));
    assertThatThrownBy(() -> orders.sum("all", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("numbers: null (expected: a stream)");
  }

  // ---- what goes wrong

  @Test
  void declaredExceptionsComeOutWhereTheCallWasMade() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    assertThatThrownBy(() -> orders.place(new PlaceOrder("none", 1)))
        .isInstanceOf(SoldOut.class)
        .hasMessage("sold out")
        .hasCauseInstanceOf(FaultException.class);
    assertThatThrownBy(() -> orders.find("o-9"))
        .isInstanceOfSatisfying(NoSuchOrder.class, e -> assertThat(e.id).isEqualTo("o-9"));
    assertThatThrownBy(() -> orders.fail("subclass")).isInstanceOf(NoSuchOrder.class);
  }

  @Test
  void whatIsNotDeclaredIsAFaultThatTellsNothing() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    for (String how : List.of("unchecked", "checked", "error", "lost")) {
      assertThatThrownBy(() -> orders.fail(how))
          .isExactlyInstanceOf(RemoteFaultException.class)
          .satisfies(is(FaultCode.INTERNAL))
          .hasMessageContaining("Internal error: incident ")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> orders.fail("fault"))
        .isExactlyInstanceOf(RemoteFaultException.class)
        .satisfies(is(77))
        .hasMessageContaining("on purpose");
  }

  @Test
  void aFaultOfACheckedExceptionThatIsNotDeclaredStaysAFault() throws Exception {
    interface Lean {
      @Rpc(name = "place")
      Order place(PlaceOrder command);
    }
    Errors soldOut =
        Errors.builder()
            .map(1409, SoldOut.class, f -> new SoldOut(f.message()), e -> Fault.of(1409, ""))
            .build();
    @dev.everwire.session.contract.Namespace("orders")
    interface Named extends Lean {}

    Named orders = connect(builder().errors(soldOut)).proxy(Named.class);

    assertThatThrownBy(() -> orders.place(new PlaceOrder("none", 1)))
        .isExactlyInstanceOf(RemoteFaultException.class)
        .satisfies(is(1409));
  }

  @Test
  void optionsAreThoseOfTheProxy() throws Exception {
    Orders hasty = connect().proxy(Orders.class, CallOptions.within(Duration.ofMillis(100)));

    assertThatThrownBy(hasty::hang).satisfies(is(FaultCode.DEADLINE_PASSED));
    assertThat(book.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nullWhereAValueHasToBeIsRefusedHere() throws Exception {
    Orders orders = connect().proxy(Orders.class);

    assertThatThrownBy(() -> orders.find(null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: null (expected: a value)");
  }

  // ---- interceptors

  @Test
  void interceptorsStandAroundInOrderAndMayRefuse() throws Exception {
    List<String> heard = new ArrayList<>();
    CountDownLatch notified = new CountDownLatch(1);
    Server guarded =
        serverThere()
            .drainFor(Duration.ofMillis(100))
            .intercept((call, next) -> {
              heard.add("outer " + call.method());
              try {
                return next.handle(call);
              } catch (NoSuchOrder e) {
                heard.add("saw " + e.id);
                throw e;
              } finally {
                if (call.method().equals("orders.seen")) {
                  notified.countDown();
                }
              }
            })
            .expose(Orders.class, book)
            .errors(ERRORS)
            .method("plain", call -> "plain")
            .intercept((call, next) ->
                switch (call.method()) {
                  case "orders.hang" -> throw new FaultException(FaultCode.FORBIDDEN, "not you");
                  case "orders.note" -> "answered here";
                  case "orders.list" -> throw new IllegalStateException("secret");
                  case "orders.place" -> throw new NoSuchOrder("inner");
                  default -> next.handle(call);
                })
            .start();
    opened.add(guarded);
    Client client = connect(clientThere(guarded).errors(ERRORS));
    Orders orders = client.proxy(Orders.class);

    assertThatThrownBy(orders::hang).satisfies(is(FaultCode.FORBIDDEN));
    assertThat(orders.note("o-1", null)).isEqualTo("answered here");
    assertThatThrownBy(() -> orders.list(Optional.empty(), 1))
        .satisfies(is(FaultCode.INTERNAL))
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> orders.place(new PlaceOrder("a", 1))).isInstanceOf(NoSuchOrder.class);
    assertThatThrownBy(() -> orders.find("o-7")).isInstanceOf(NoSuchOrder.class);
    assertThat(client.call("plain", null, String.class)).isEqualTo("plain");
    orders.seen("o-1");
    assertThat(notified.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(heard)
        .containsExactly(
            "outer orders.hang",
            "outer orders.note",
            "outer orders.list",
            "outer orders.place",
            "saw inner",
            "outer orders.find",
            "saw o-7",
            "outer plain",
            "outer orders.seen");
  }

  // ---- proxies

  interface Incomplete {
    @Rpc
    void one();

    void other();
  }

  @Test
  void aProxyIsAnObjectLikeOthers() throws Exception {
    Client client = connect();
    Orders one = client.proxy(Orders.class);
    Orders other = client.proxy(Orders.class);

    assertThat(one).isEqualTo(one).isNotEqualTo(other).hasSameHashCodeAs(one);
    assertThat(one.toString()).startsWith("Orders of ");
  }

  @Test
  void whatIsNoContractGivesNoProxy() throws Exception {
    Client client = connect();

    assertThatThrownBy(() -> client.proxy(String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("java.lang.String: is no interface");
    assertThatThrownBy(() -> client.proxy(Incomplete.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Incomplete.other: not marked @Rpc or @Notify");
    assertThatThrownBy(() -> client.proxy(Runnable.class))
        .hasMessageContaining("no method is marked");
  }
}
