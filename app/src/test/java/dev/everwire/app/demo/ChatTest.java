package dev.everwire.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.app.TextClient;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chat rooms on a real server. */
final class ChatTest {
  private final Chat chat = new Chat(Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC));
  private final Server server = start();

  private Server start() {
    ServerBuilder builder =
        Everwire.server(0)
            .topic(TopicRule.named("chat/*"))
            .onDisconnect(chat::disconnected)
            .drainFor(Duration.ofMillis(100));
    chat.methods().forEach(builder::method);
    try {
      Server started = builder.start();
      chat.open(started.topics());
      return started;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whatHappensInARoomStandsOnItsTopic() {
    try (TextClient ann = client();
        TextClient bob = client()) {
      assertThat(
              result(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"lobby\"}").strings("members"))
          .containsExactly("Ann");
      assertThat(
              result(bob, "chat.join", "{\"name\":\" Bob \",\"room\":\"lobby\"}")
                  .strings("members"))
          .containsExactly("Ann", "Bob");
      result(bob, "chat.say", "{\"room\":\"lobby\",\"text\":\"hi\",\"key\":\"k1\"}");
      call(ann, "chat.leave", "{\"room\":\"lobby\"}");
      call(ann, "chat.leave", "{\"room\":\"lobby\"}");
      assertThat(history(bob))
          .containsExactly(
              "{\"kind\":\"join\",\"name\":\"Ann\",\"at\":7}",
              "{\"kind\":\"join\",\"name\":\"Bob\",\"at\":7}",
              "{\"kind\":\"message\",\"name\":\"Bob\",\"at\":7,\"text\":\"hi\",\"key\":\"k1\"}",
              "{\"kind\":\"leave\",\"name\":\"Ann\",\"at\":7}");
      JsonMembers stats = result(bob, "chat.stats", "{\"room\":\"lobby\"}");
      assertThat(List.of(stats.integer("members"), stats.integer("joins"), stats.integer("leaves")))
          .containsExactly(1L, 2L, 1L);
      assertThat(result(bob, "chat.stats", "[]").integer("messages")).isOne();
    }
  }

  @Test
  void aMemberLeavesWhenItsConnectionEnds() {
    try (TextClient bob = client()) {
      try (TextClient ann = client()) {
        result(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"lobby\"}");
        result(bob, "chat.join", "{\"name\":\"Bob\",\"room\":\"lobby\"}");
      }
      String room = "{\"room\":\"lobby\"}";
      Await.until(
          () -> result(bob, "chat.members", room).strings("members").equals(List.of("Bob")));
      Await.until(
          () -> history(bob).getLast().equals("{\"kind\":\"leave\",\"name\":\"Ann\",\"at\":7}"));
    }
  }

  @Test
  void joiningAgainUnderAnotherNameLeavesTheFormer() {
    try (TextClient ann = client()) {
      result(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"lobby\"}");
      result(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"lobby\"}");
      assertThat(
              result(ann, "chat.join", "{\"name\":\"Eve\",\"room\":\"lobby\"}").strings("members"))
          .containsExactly("Eve");
      assertThat(history(ann)).hasSize(3);
    }
  }

  @Test
  void whoIsNotThereSaysNothing() {
    try (TextClient ann = client()) {
      assertThat(code(ann, "chat.say", "{\"room\":\"lobby\",\"text\":\"hi\"}")).isEqualTo(-32003);
    }
  }

  @Test
  void namesAndTextsHaveBounds() {
    try (TextClient ann = client()) {
      assertThat(code(ann, "chat.join", "{\"name\":\" \",\"room\":\"lobby\"}")).isEqualTo(-32602);
      assertThat(code(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"a/b\"}")).isEqualTo(-32602);
      assertThat(code(ann, "chat.join", "{\"name\":\"Ann\",\"room\":\"a b\"}")).isEqualTo(-32602);
      assertThat(code(ann, "chat.join", "{\"name\":\"" + "x".repeat(41) + "\",\"room\":\"a\"}"))
          .isEqualTo(-32602);
      assertThat(code(ann, "chat.say", "{\"room\":\"a\",\"text\":\"" + "x".repeat(4_001) + "\"}"))
          .isEqualTo(-32602);
    }
  }

  @Test
  void theEldestEmptyRoomMakesPlace() {
    ChatRooms rooms = new ChatRooms();
    for (int i = 0; i < ChatRooms.MOST_ROOMS; i++) {
      rooms.join("r" + i, "c", "Ann");
    }
    rooms.leave("r5", "c");
    rooms.join("new", "c", "Ann");
    assertThat(rooms.counts("r5").joins()).isZero();
    assertThat(rooms.all().rooms()).isEqualTo(ChatRooms.MOST_ROOMS);
    assertThat(rooms.leaveAll("c")).hasSize(ChatRooms.MOST_ROOMS);
  }

  private TextClient client() {
    return TextClient.to(server.port(), "/ws");
  }

  private static List<String> history(TextClient client) {
    List<String> data = new ArrayList<>();
    RawJson events =
        Objects.requireNonNull(
            result(client, "rpc.history", "{\"topic\":\"chat/lobby\"}").get("events"));
    for (RawJson event : events.elements()) {
      data.add(String.valueOf(event.members().get("data")));
    }
    return data;
  }

  private static JsonMembers result(TextClient client, String method, String params) {
    return Objects.requireNonNull(call(client, method, params).object("result"), method);
  }

  private static long code(TextClient client, String method, String params) {
    return Objects.requireNonNull(call(client, method, params).object("error")).integer("code");
  }

  /** The response; {@code chat.joined} comes before that of a join. */
  private static JsonMembers call(TextClient client, String method, String params) {
    String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"";
    try {
      JsonMembers message = client.ask(call + ",\"params\":" + params + "}");
      while (message.get("id") == null) {
        message = RawJson.parse(client.text()).members();
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
