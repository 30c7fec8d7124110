package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Subscribers, publishers and a server, each a process of its own. */
final class SubscribeIT {
  private static final Duration CUT_FOR = Duration.ofSeconds(5);
  private static final Duration PACE = Duration.ofMillis(20);

  @Test
  void subscribersSeeWhatIsPublished() throws Exception {
    try (Serving server = Serving.on(0);
        Program first = subscriber(server.page(), "news");
        Program second = subscriber(server.page(), "news")) {
      try (Program one =
          Program.everwire("publish", server.page(), "news", "{\"text\":\"grün\"}")) {
        assertThat(one.exit()).as("%s", one).isZero();
      }
      try (Program many = Program.everwire("publish", "--json", server.page(), "news")) {
        many.type("1\n\n[2]\n\"three\"\n");
        assertThat(many.exit()).as("%s", many).isZero();
        assertThat(many.outLines(3)).hasSize(3).allMatch(line -> line.startsWith("{\"epoch\":\""));
      }
      for (Program subscriber : List.of(first, second)) {
        assertThat(subscriber.outLines(4).stream().map(line -> json(line).get("data").toString()))
            .containsExactly("{\"text\":\"grün\"}", "1", "[2]", "\"three\"");
      }
      assertThat(first.outLines(4)).isEqualTo(second.outLines(4));
    }
  }

  @Test
  void subscribersComeBackToARestartedServerAndSayWhatItForgot() throws Exception {
    List<Program> subscribers = new ArrayList<>();
    try {
      Serving server = Serving.on(0);
      String before;
      try (server) {
        for (int i = 0; i < 3; i++) {
          subscribers.add(subscriber(server.page(), "news"));
        }
        before = epoch(publish(server, "1"));
        for (Program subscriber : subscribers) {
          assertThat(json(subscriber.outLines(1).get(0)).string("epoch")).isEqualTo(before);
        }
        server.program().kill();
      }
      for (Program subscriber : subscribers) {
        subscriber.err(line -> line.startsWith("not connected"));
      }
      try (Serving restarted = Serving.on(server.port())) {
        String after = epoch(publish(restarted, "2"));
        assertThat(after).isNotEqualTo(before);
        for (Program subscriber : subscribers) {
          String gap = subscriber.err(line -> line.startsWith("gap in news (epoch)"));
          assertThat(gap).contains(before + ":1", after + ":");
        }
        String last = publish(restarted, "3");
        for (Program subscriber : subscribers) {
          JsonMembers event =
              json(subscriber.out(line -> json(line).get("data").toString().equals("3")));
          assertThat(event.string("epoch") + ":" + event.integer("offset")).isEqualTo(last);
          assertThat(subscriber.alive()).isTrue();
        }
      }
    } finally {
      for (Program subscriber : subscribers) {
        subscriber.close();
      }
    }
  }

  @Test
  void aLinkCutForFiveSecondsLosesNothing() throws Exception {
    try (Serving server = Serving.on(0);
        TcpProxy link = TcpProxy.to(server.port());
        Program subscriber = subscriber("ws://127.0.0.1:" + link.port() + "/ws", "news");
        Client publisher = Everwire.client(server.uri("/ws")).connect()) {
      int sent = 0;
      for (; sent < 20; sent++) {
        publisher.publish("news", sent);
        Await.pass(PACE);
      }
      link.cut();
      long mended = System.nanoTime() + CUT_FOR.toNanos();
      for (; System.nanoTime() < mended; sent++) {
        publisher.publish("news", sent);
        Await.pass(PACE);
      }
      link.resume();
      int last = sent + 20;
      for (; sent < last; sent++) {
        publisher.publish("news", sent);
        Await.pass(PACE);
      }
      subscriber.err(line -> line.startsWith("not connected"));
      List<JsonMembers> events = subscriber.outLines(sent).stream().map(SubscribeIT::json).toList();
      assertThat(events.stream().map(event -> event.integer("data")))
          .containsExactlyElementsOf(IntStream.range(0, sent).asLongStream().boxed().toList());
      assertThat(events.stream().map(event -> event.integer("offset")))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, sent).asLongStream().boxed().toList());
      assertThat(subscriber.errLines()).noneMatch(line -> line.startsWith("gap"));
    }
  }

  @Test
  void countAndTheEndOfTheReaderEndItQuietly() throws Exception {
    try (Serving server = Serving.on(0);
        Program counting = Program.everwire("subscribe", server.page(), "a", "b", "--count", "2");
        Program unread = subscriber(server.page(), "b")) {
      counting.err(line -> line.startsWith("subscribed to a "));
      counting.err(line -> line.startsWith("subscribed to b "));
      unread.stopReading();
      try (Client publisher = Everwire.client(server.uri("/ws")).connect()) {
        publisher.publish("a", 1);
        publisher.publish("b", 2);
        // Its pipe is broken only when the read that waits here has returned: one line more or
        // less.
        for (int i = 0; unread.alive() && i < 10_000; i++) {
          publisher.publish("b", 3);
        }
      }
      assertThat(counting.exit()).as("%s", counting).isZero();
      assertThat(counting.outLines(2)).hasSize(2);
      assertThat(unread.exit()).as("%s", unread).isZero();
      assertThat(unread.errLines()).noneMatch(line -> line.contains("xception"));
    }
  }

  private static Program subscriber(String url, String topic) throws Exception {
    Program program = Program.everwire("subscribe", url, topic);
    program.err(line -> line.startsWith("subscribed to " + topic + " "));
    return program;
  }

  /** Answers the position. */
  private static String publish(Serving server, String data) throws Exception {
    try (Program program = Program.everwire("publish", server.page(), "news", data)) {
      assertThat(program.exit()).as("%s", program).isZero();
      return program.outLines(1).get(0);
    }
  }

  private static String epoch(String position) {
    return position.substring(0, position.lastIndexOf(':'));
  }

  private static JsonMembers json(String line) {
    return RawJson.parse(line).members();
  }
}
