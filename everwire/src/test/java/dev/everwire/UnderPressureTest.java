package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More at once than one connection has room for, over real sockets. */
@Timeout(60)
class UnderPressureTest {
  private static final CallOptions SOON = CallOptions.within(Duration.ofSeconds(20));

  private final AtomicInteger told = new AtomicInteger();
  private final CountDownLatch lastTold = new CountDownLatch(1);
  private Server server;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .method("there", call -> call.caller().peer().call("back", null, int.class))
            .method("echo", call -> call.params().raw())
            .method("deep", call -> deeper(call, "deep"))
            .method("big", call -> "x".repeat(call.params().get(0, "kib", int.class) * 1024))
            .method("tell", this::tell)
            .start();
    client =
        Everwire.client(URI.create("ws://" + server.host() + ":" + server.port() + "/ws"))
            .method(
                "back", call -> call.caller().peer().call("echo", List.of(1), List.class).size())
            .method("deep", call -> deeper(call, "deep"))
            .connect();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private static @Nullable Object deeper(Call call, String method) {
    int left = call.params().get(0, "left", int.class);
    return left == 0 ? 0 : call.caller().peer().call(method, List.of(left - 1), int.class);
  }

  private @Nullable Object tell(Call call) {
    if (call.params().get(0, "callBack", boolean.class)) {
      call.caller().peer().call("back", null, int.class);
    }
    told.incrementAndGet();
    if (call.params().get(1, "last", boolean.class)) {
      lastTold.countDown();
    }
    return null;
  }

  @Test
  void manyHandlersThatCallBackDoNotWaitForEachOther() {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      calls.add(client.callAsync("there", null, int.class, SOON));
    }
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(1));
  }

  @Test
  void callsNestDeeperThanHandlersMayRunAtOnce() {
    assertThat(client.call("deep", List.of(150), int.class, SOON)).isEqualTo(0);
  }

  @Test
  void notificationsWhoseHandlersCallBackAreAllHandled() throws InterruptedException {
    int count = 1_500;
    for (int i = 1; i <= count; i++) {
      assertThat(client.notify("tell", List.of(true, i == count))).isEqualTo(Offer.QUEUED);
    }
    assertThat(lastTold.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(told).hasValue(count);
  }

  @Test
  void whatIsQueuedFromAnotherThreadIsSentAndWhatIsNotIsSaid() throws InterruptedException {
    String padding = "x".repeat(500);
    int queued = 0;
    for (int i = 0; i < 60_000; i++) {
      if (client.notify("tell", List.of(false, false, padding)) == Offer.QUEUED) {
        queued++;
      }
    }
    queued++;
    while (client.notify("tell", List.of(false, true, padding)) != Offer.QUEUED) {
      Thread.onSpinWait();
    }
    assertThat(lastTold.await(40, TimeUnit.SECONDS)).isTrue();
    assertThat(told).hasValue(queued);
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  @Test
  void bigAnswersAtOnceAllArrive() {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      calls.add(client.callAsync("big", List.of(400), String.class, SOON));
    }
    assertThat(calls).allSatisfy(call -> assertThat((String) call.join()).hasSize(400 * 1024));
  }
}
