package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.it.rpc.Driven.Connection;
import dev.everwire.server.topic.TopicRule;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** npm's rpc-websockets as a client of Everwire's server, which speaks its dialect. */
@ExtendWith(Peers.Shared.class)
final class RpcWebsocketsIT {
  private final Driven library;
  private House house;

  RpcWebsocketsIT(Peers peers) throws Exception {
    library = peers.driven(Library.RPC_WEBSOCKETS);
  }

  @BeforeEach
  void build() throws Exception {
    house =
        new House(
            Everwire.server(0)
                .topic(TopicRule.named("news").keepLast(10))
                .topic(TopicRule.named("weather"))
                .method("me", call -> call.caller().user().orElse("nobody"))
                .login(params ->
                    params.get(0, "password", String.class).equals("right")
                        ? Optional.of(params.get(1, "user", String.class))
                        : Optional.empty()));
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void whatIsPublishedIsToldToWhoSubscribed() throws Exception {
    Connection client = library.connect(house.uri());
    Connection other = library.connect(house.uri());
    for (Connection each : List.of(client, other)) {
      listen(each, "news");
      listen(each, "weather");
    }
    assertThat(use(client, "subscribe", "[['news', 'nowhere', 'weather']]"))
        .isEqualTo(
            Answer.result("{'news': 'ok', 'nowhere': 'provided event invalid', 'weather': 'ok'}"));
    assertThat(use(other, "subscribe", "['weather']"))
        .isEqualTo(Answer.result("{'weather': 'ok'}"));
    house.server().topics().publish("news", Map.of("headline", "ü😀"));
    house.server().topics().publish("news", List.of(1, "two", Map.of("three", 3)));
    house.server().topics().publish("weather", "sunny");
    assertThat(event(client)).isEqualTo(Json.of("['news', {'headline': 'ü😀'}]"));
    assertThat(event(client)).isEqualTo(Json.of("['news', [1, 'two', {'three': 3}]]"));
    assertThat(event(client)).isEqualTo(Json.of("['weather', 'sunny']"));
    assertThat(event(other)).isEqualTo(Json.of("['weather', 'sunny']"));
    other.cut();
    client.cut();
  }

  @Test
  void whoUnsubscribedIsToldNoMore() throws Exception {
    Connection client = library.connect(house.uri());
    listen(client, "news");
    listen(client, "weather");
    assertThat(use(client, "unsubscribe", "['news']"))
        .isEqualTo(Answer.result("{'news': 'not subscribed'}"));
    assertThat(use(client, "subscribe", "[['news', 'weather']]"))
        .isEqualTo(Answer.result("{'news': 'ok', 'weather': 'ok'}"));
    assertThat(use(client, "subscribe", "['news']"))
        .isEqualTo(Answer.result("{'news': 'socket has already been subscribed to event'}"));
    assertThat(use(client, "unsubscribe", "['news']")).isEqualTo(Answer.result("{'news': 'ok'}"));
    house.server().topics().publish("news", 1);
    house.server().topics().publish("weather", 2);
    assertThat(event(client)).isEqualTo(Json.of("['weather', 2]"));
    client.cut();
  }

  @Test
  void whatAHandlerTellsArrivesAsAnEvent() throws Exception {
    Connection client = library.connect(house.uri());
    listen(client, "greeting");
    assertThat(use(client, "listMethods", "[]")).isInstanceOf(Answer.Result.class);
    client.ask("meet", Map.of("name", "told"));
    Side ours = house.side("told");
    ours.notify("greeting", null);
    ours.notify("greeting", Json.of("['hello', 2]"));
    ours.notify("greeting", Json.of("{'name': 'ü'}"));
    assertThat(event(client)).isEqualTo(Json.of("['greeting']"));
    assertThat(event(client)).isEqualTo(Json.of("['greeting', 'hello', 2]"));
    assertThat(event(client)).isEqualTo(Json.of("['greeting', {'name': 'ü'}]"));
    client.cut();
  }

  @Test
  void methodsAreListed() throws Exception {
    Connection client = library.connect(house.uri());
    assertThat(use(client, "listMethods", "[]"))
        .isInstanceOfSatisfying(
            Answer.Result.class,
            list -> {
              Set<String> names = new HashSet<>();
              list.value().forEach(name -> names.add(name.asString()));
              assertThat(names).contains("echo", "subtract", "me", "rpc.login", "__listMethods");
            });
    client.cut();
  }

  @Test
  void aLoginGivesTheConnectionItsUser() throws Exception {
    Connection client = library.connect(house.uri());
    assertThat(use(client, "login", "[{'password': 'wrong', 'user': 'u1'}]"))
        .isInstanceOfSatisfying(
            Answer.Lost.class, own -> assertThat(own.why()).contains("authentication failed"));
    assertThat(client.ask("me", Json.of("[]"))).isEqualTo(Answer.result("'nobody'"));
    assertThat(use(client, "login", "[{'password': 'right', 'user': 'u1'}]"))
        .isEqualTo(Answer.result("true"));
    assertThat(client.ask("me", Json.of("[]"))).isEqualTo(Answer.result("'u1'"));
    client.cut();
  }

  @Test
  void aCallOfTheServersHurtsNoneOfTheClients() throws Exception {
    Connection client = library.connect(house.uri());
    client.ask("meet", Map.of("name", "called"));
    Side ours = house.side("called");
    Ongoing slow = client.call("hold", Json.of("{'token': 'ids'}"));
    assertThat(client.ask("begun", Map.of("token", "ids"))).isEqualTo(Answer.result("true"));
    Ongoing unanswered = ours.call("confirm", Json.of("[1]")); // it has no way to answer
    assertThat(client.ask("release", Map.of("token", "ids"))).isEqualTo(Answer.result("true"));
    assertThat(slow.answer()).isEqualTo(Answer.result("'ids'"));
    client.cut();
    assertThat(unanswered.answer()).isNotInstanceOf(Answer.Result.class);
  }

  @Test
  void aSocketIdInTheAddressTakesNobodysPlace() throws Exception {
    URI uri = URI.create(house.uri() + "?socket_id=1");
    Connection first = library.connect(uri);
    Connection second = library.connect(uri);
    for (Connection each : List.of(first, second)) {
      listen(each, "news");
      assertThat(use(each, "subscribe", "['news']")).isEqualTo(Answer.result("{'news': 'ok'}"));
    }
    house.server().topics().publish("news", 1);
    assertThat(event(first)).isEqualTo(Json.of("['news', 1]"));
    assertThat(event(second)).isEqualTo(Json.of("['news', 1]"));
    second.cut();
    assertThat(second.hear("closed").path("code").asInt()).isEqualTo(1006);
    house.server().topics().publish("news", 2);
    assertThat(event(first)).isEqualTo(Json.of("['news', 2]"));
    first.cut();
  }

  @Test
  void aServerThatGoesAwayDoesNotStopTheClientFromComingBack() throws Exception {
    Map<String, ?> options =
        Map.of("reconnect", true, "reconnect_interval", 20, "max_reconnects", 0);
    Connection client = library.connect(house.uri(), options);
    assertThat(use(client, "subscribe", "['news']")).isEqualTo(Answer.result("{'news': 'ok'}"));
    int port = house.server().port();
    house.close();
    assertThat(client.hear("closed").path("code").asInt()).isNotEqualTo(1000);
    house = new House(Everwire.server(port));
    JsonNode unused = client.hear("open");
    assertThat(client.ask("subtract", Json.of("[42, 23]"))).isEqualTo(Answer.result("19"));
    client.tell("close", Map.of("code", 1000));
    assertThat(client.hear("closed").path("code").asInt()).isEqualTo(1000);
  }

  @Test
  void aServerOfItsThatLeavesOutAResultEndsTheCall() throws Exception {
    Theirs.Server server = library.serve();
    try (Client client = Everwire.client(server.uri()).plain().connect()) {
      assertThat(new EverwireSide(client).ask("silent", (JsonNode) null))
          .isInstanceOfSatisfying(
              Answer.Refused.class, refused -> assertThat(refused.code()).isEqualTo(-32600));
    }
    server.stop();
  }

  private static Answer use(Connection client, String what, String params) throws Exception {
    return client.order("use", what, Json.of(params)).answer();
  }

  private static void listen(Connection client, String event) throws Exception {
    client.tell("listen", Map.of("name", event));
  }

  /** Its name and what its listener was given. */
  private static JsonNode event(Connection client) throws Exception {
    JsonNode heard = client.hear("event");
    var event = Json.array();
    event.add(heard.path("name"));
    heard.path("given").forEach(event::add);
    return event;
  }
}
