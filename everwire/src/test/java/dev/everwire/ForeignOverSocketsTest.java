package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.foreign.ForeignClient;
import dev.everwire.client.foreign.ForeignEvent;
import dev.everwire.client.foreign.ForeignSubscription;
import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.netty.NettyListener;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A foreign client and its own network, against a service on a real socket. */
class ForeignOverSocketsTest {
  record Price(String symbol, double price) {}

  private final MockServer service = MockServer.on(NettyListener.on(0));
  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    service.close();
  }

  private ForeignClient connect() {
    service.everyConnection(
        Script.open()
            .always("\"auth\"", heard -> "{\"op\":\"auth\",\"result\":true}")
            .always("\"ask\"", heard -> "{\"req_id\":" + id(heard.text()) + ",\"result\":42}")
            .always(
                "\"fail\"",
                heard ->
                    "{\"req_id\":"
                        + id(heard.text())
                        + ",\"error\":{\"code\":7,\"message\":\"no\"}}"));
    return Everwire.client(
            service.uri(), GenericJsonHandler.builder().numericIds().auth("auth", "token").build())
        .token("T")
        .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(50)))
        .onEvent(events::add)
        .connect();
  }

  private static String id(String message) {
    return message.replaceAll(".*\"req_id\":(\\d+).*", "$1");
  }

  /** Takes the subscribe that comes next, whatever comes before it, and confirms it. */
  private void confirm(int connection) {
    String subscribe = service.connection(connection).hear().text();
    assertThat(subscribe).contains("\"subscribe\"").contains("prices");
    service.connection(connection).say("{\"req_id\":" + id(subscribe) + ",\"result\":true}");
  }

  @Test
  void requestsAndSubscriptionsWorkAndSurviveAReconnect() throws InterruptedException {
    try (ForeignClient client = connect();
        ForeignSubscription<Price> prices = client.subscribe("prices", Price.class)) {
      Await.until(() -> client.status() instanceof Status.Ready); // told a moment after connect
      assertThat(client.request(Map.of("op", "ask"), Integer.class)).isEqualTo(42);
      assertThatThrownBy(() -> client.request(Map.of("op", "fail"), Integer.class))
          .isInstanceOfSatisfying(
              FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(7));
      confirm(0);
      assertThat(prices.awaitConfirmed(Duration.ofSeconds(10))).isTrue();
      service.connection(0).say("{\"topic\":\"prices\",\"data\":{\"symbol\":\"a\",\"price\":1.5}}");
      assertThat(prices.next()).isEqualTo(new ForeignEvent.Update<>(new Price("a", 1.5)));

      service.connection(0).cut();
      confirm(1);
      assertThat(prices.next()).isEqualTo(new ForeignEvent.Resumed<>(2));
      service.connection(1).say("{\"topic\":\"prices\",\"data\":{\"symbol\":\"b\",\"price\":2}}");
      assertThat(prices.next()).isEqualTo(new ForeignEvent.Update<>(new Price("b", 2)));
      assertThat(client.epoch()).isEqualTo(2);
      assertThat(client.sendJson(Map.of("op", "bye"))).isEqualTo(Offer.QUEUED);
      assertThat(service.connection(1).hear().text()).isEqualTo("{\"op\":\"bye\"}");
    }
    Await.until(() -> service.openConnections() == 0);
    assertThat(service.connections()).isEqualTo(2);
    Await.until(() ->
        events.getLast() instanceof ClientEvent.StatusChanged(var epoch, var status)
            && status instanceof Status.Closed);
  }

  @Test
  void aReaderThatWaitsIsLetGoWhenTheClientIsClosed() throws InterruptedException {
    ForeignClient client = connect();
    ForeignSubscription<Price> prices = client.subscribe("prices", Price.class);
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              for (ForeignEvent<Price> event : prices) {
                throw new AssertionError(event);
              }
            });
    client.close();
    assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
    assertThatThrownBy(prices::next).isInstanceOf(NoSuchElementException.class);
  }
}
