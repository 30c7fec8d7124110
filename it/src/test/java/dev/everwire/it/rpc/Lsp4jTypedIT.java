package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.everwire.Everwire;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.Call;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.services.JsonNotification;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.eclipse.lsp4j.jsonrpc.services.ServiceEndpoints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LSP4J's own way: interfaces with annotations, for what it calls and for what it serves. */
final class Lsp4jTypedIT {

  /** Ours. */
  public interface Desk {
    @JsonRequest("desk/find")
    CompletableFuture<Order> find(Wanted wanted);

    /** Two parameters go by position. */
    @JsonRequest("desk/sum")
    CompletableFuture<Integer> sum(int first, List<Integer> more);

    @JsonNotification("desk/seen")
    void seen(Wanted wanted);
  }

  /** Theirs. */
  public interface Home {
    @JsonRequest("home/confirm")
    CompletableFuture<Boolean> confirm(Order order);
  }

  public record Wanted(String id) {}

  public record Order(String id, Map<String, Integer> lines) {}

  private static final Order FOUND = new Order("ü-1", Map.of("apples", 3));

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<Order> confirmed = new LinkedBlockingQueue<>();
  private House house;
  private Lsp4j.Opened socket;
  private Desk desk;

  @BeforeEach
  void connect() throws Exception {
    house =
        new House(
            Everwire.server(0)
                .method("desk/find", Lsp4jTypedIT::find)
                .method("desk/sum", Lsp4jTypedIT::sum)
                .method("desk/seen", call -> seen.add(call.params().as(Wanted.class).id())));
    Home home =
        order -> {
          confirmed.add(order);
          return CompletableFuture.completedFuture(true);
        };
    Map<String, JsonRpcMethod> methods =
        new LinkedHashMap<>(ServiceEndpoints.getSupportedMethods(Desk.class));
    methods.putAll(ServiceEndpoints.getSupportedMethods(Home.class));
    socket =
        Lsp4j.open(
            house.uri(), out -> new Lsp4jWire(out, ServiceEndpoints.toEndpoint(home), methods));
    desk = ServiceEndpoints.toServiceObject(socket.wire().remote(), Desk.class);
  }

  @AfterEach
  void close() {
    socket.cut();
    house.close();
  }

  private static Order find(Call call) {
    Wanted wanted = call.params().as(Wanted.class);
    if (!wanted.id().equals(FOUND.id())) {
      throw new FaultException(404, "no order " + wanted.id());
    }
    Boolean sure = call.caller().peer().call("home/confirm", FOUND, Boolean.class);
    if (!Boolean.TRUE.equals(sure)) {
      throw new FaultException(409, "not confirmed");
    }
    return FOUND;
  }

  private static int sum(Call call) {
    int first = call.params().get(0, "first", int.class);
    return first + IntStream.of(call.params().get(1, "more", int[].class)).sum();
  }

  @Test
  void itsProxyCallsOurServerWhichCallsItsServiceMeanwhile() throws Exception {
    assertThat(get(desk.find(new Wanted(FOUND.id())))).isEqualTo(FOUND);
    assertThat(confirmed).containsExactly(FOUND);
  }

  @Test
  void moreParametersThanOneGoByPosition() throws Exception {
    assertThat(get(desk.sum(1, List.of(2, 3)))).isEqualTo(6);
  }

  @Test
  void aNotificationArrives() throws Exception {
    desk.seen(new Wanted("x"));
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("x");
  }

  @Test
  void anErrorIsItsException() {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(desk.find(new Wanted("x"))))
        .havingCause()
        .isInstanceOfSatisfying(
            ResponseErrorException.class,
            refused -> {
              assertThat(refused.getResponseError().getCode()).isEqualTo(404);
              assertThat(refused.getResponseError().getMessage()).isEqualTo("no order x");
            });
  }

  private static <T> T get(CompletableFuture<T> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }
}
