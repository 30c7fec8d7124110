package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.Event;
import dev.everwire.client.Subscription;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.netty.NettyDialer;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session taken up again, between a real server and a real client. */
@Timeout(60)
class ResumeOverSocketsTest {
  record Letter(String event, @Nullable Object payload) {}

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final AtomicInteger executions = new AtomicInteger();
  private @Nullable Server server;
  private @Nullable TcpProxy network;
  private @Nullable Client client;

  @AfterEach
  void close() {
    finish.countDown();
    if (client != null) {
      client.close();
    }
    if (network != null) {
      network.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private Client connect(ServerBuilder builder) throws IOException {
    Server there =
        builder
            .method(
                "slow",
                call -> {
                  executions.incrementAndGet();
                  started.countDown();
                  finish.await();
                  return "done";
                })
            .method("add", call -> executions.incrementAndGet())
            .start();
    server = there;
    TcpProxy between = TcpProxy.to(there.port());
    network = between;
    ClientBuilder to =
        Everwire.client(URI.create("ws://127.0.0.1:" + between.port() + "/ws"))
            .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)));
    Client made = to.connect();
    client = made;
    return made;
  }

  private static void cut(Client client, TcpProxy network) {
    network.cut();
    Await.until(() -> !(client.status() instanceof Status.Ready));
  }

  private static void back(Client client, TcpProxy network) {
    network.resume();
    Await.until(() -> client.status() instanceof Status.Ready);
  }

  private TcpProxy network() {
    assertThat(network).isNotNull();
    return network;
  }

  private Server server() {
    assertThat(server).isNotNull();
    return server;
  }

  @Test
  void aCallThatRunsWhenTheLinkIsCutIsAnsweredOnTheNextOne() throws Exception {
    Client caller = connect(Everwire.server(0));
    String session = caller.sessionId().orElseThrow();
    CompletableFuture<Object> slow =
        caller.callAsync("slow", null, String.class, CallOptions.withoutDeadline());
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

    cut(caller, network());
    CompletableFuture<Object> meanwhile =
        caller.callAsync("add", null, Integer.class, CallOptions.withoutDeadline());
    back(caller, network());
    assertThat(caller.status()).isEqualTo(new Status.Ready(true));
    assertThat(caller.sessionId()).contains(session);
    assertThat(meanwhile.get(20, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(slow).isNotDone();
    finish.countDown();
    assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(executions).hasValue(2);
  }

  @Test
  void aCallThatEndedWhileTheLinkWasCutIsAnsweredOnTheNextOne() throws Exception {
    Client caller = connect(Everwire.server(0));
    CompletableFuture<Object> slow =
        caller.callAsync("slow", null, String.class, CallOptions.withoutDeadline());
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    cut(caller, network());
    finish.countDown();
    back(caller, network());
    assertThat(slow.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(executions).hasValue(1);
  }

  @Test
  void throughManyCutsEveryCallIsExecutedOnceAndAnswered() throws Exception {
    Client caller = connect(Everwire.server(0));
    finish.countDown();
    List<CompletableFuture<Object>> calls = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 50; i++) {
        calls.add(caller.callAsync("add", null, Integer.class, CallOptions.withoutDeadline()));
      }
      cut(caller, network());
      back(caller, network());
    }
    List<Object> answers = new ArrayList<>();
    for (CompletableFuture<Object> call : calls) {
      answers.add(call.get(20, TimeUnit.SECONDS));
    }
    assertThat(executions).hasValue(500);
    assertThat(answers).doesNotHaveDuplicates().hasSize(500);
  }

  @Test
  void aCallEndsWithTheDialerOfItsClient() throws Exception {
    connect(Everwire.server(0));
    NettyDialer dialer = NettyDialer.create();
    Client other =
        Client.builder(URI.create("ws://127.0.0.1:" + server().port() + "/ws"))
            .dialer(dialer)
            .values(JacksonValues.create())
            .connect();
    CompletableFuture<Object> slow =
        other.callAsync("slow", null, String.class, CallOptions.withoutDeadline());
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    dialer.close();
    other.close();
    assertThatThrownBy(() -> slow.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConnectionLostException.class);
  }

  @Test
  void whereSessionsAreNotKeptACallEndsWithTheLink() throws Exception {
    Client caller = connect(Everwire.server(0).resume(ResumeSettings.OFF));
    CompletableFuture<Object> slow =
        caller.callAsync("slow", null, String.class, CallOptions.withoutDeadline());
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    cut(caller, network());
    assertThatThrownBy(() -> slow.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ConnectionLostException.class);
    back(caller, network());
    assertThat(caller.status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void whatIsSentToTheInboxWhileAwayIsThereAfterwards() throws Exception {
    Client caller = connect(Everwire.server(0));
    String session = caller.sessionId().orElseThrow();
    send(session, "before");
    try (Subscription<Letter> inbox = caller.inbox(Letter.class)) {
      assertThat(text(inbox)).isEqualTo("before");
      cut(caller, network());
      send(session, "meanwhile");
      back(caller, network());
      assertThat(text(inbox)).isEqualTo("meanwhile");
      send(session, "afterwards");
      assertThat(text(inbox)).isEqualTo("afterwards");
      assertThat(inbox.poll()).isEmpty(); // so that one was dealt with
      Await.until(() -> server().inbox(session).orElseThrow().unacknowledged() == 0);
    }
  }

  private void send(String session, String event) throws Exception {
    server()
        .inbox(session)
        .orElseThrow()
        .send(event, null)
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static Object text(Subscription<Letter> inbox) throws InterruptedException {
    return switch (inbox.next()) {
      case Event.Item<Letter>(var letter, var position) -> letter.event();
      case Event.Gap<Letter> gap -> gap;
    };
  }
}
