package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an administrator can look at: sessions, one of them, and how many there are. */
final class AdminListsTest {
  private final AdminHall hall = new AdminHall();

  @AfterEach
  void close() {
    hall.close();
  }

  // ---- sessions

  @Test
  void sessionsAreListedWithAndWithoutTheirConnections() {
    TestPeer ann = hall.dial("?user=ann&of=acme");
    Welcome here = hall.hello(ann);
    hall.subscribe(ann, "a");
    Welcome gone = hall.lost("?user=bob");
    hall.network.advance(Duration.ofSeconds(3));

    JsonMembers answer = hall.ask("sessions", "{}");
    assertThat(AdminHall.ids(answer)).containsExactlyInAnyOrder(here.session(), gone.session());
    assertThat(AdminHall.ids(answer)).isSorted();
    assertThat(answer.stringOrNull("next")).isNull();

    JsonMembers connected = row(answer, here.session());
    assertThat(connected.string("user")).isEqualTo("ann");
    assertThat(connected.string("tenant")).isEqualTo("acme");
    assertThat(connected.string("connection")).isEqualTo("n-2");
    assertThat(connected.integer("subscriptions")).isOne();
    assertThat(connected.integer("generation")).isOne();
    assertThat(connected.integer("ageMs")).isGreaterThanOrEqualTo(3_000);
    assertThat(connected.get("lostMs")).isNull();

    JsonMembers lost = row(answer, gone.session());
    assertThat(lost.string("user")).isEqualTo("bob");
    assertThat(lost.stringOrNull("connection")).isNull();
    assertThat(lost.integer("lostMs")).isGreaterThanOrEqualTo(3_000);
  }

  @Test
  void aPlainPeerHasNoSessionToList() {
    hall.dial("?user=ann");
    assertThat(hall.allSessions("")).isEmpty();
  }

  @Test
  void aSessionThatWillNotBeKeptIsListedToo() {
    TestPeer peer = hall.dial("");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    assertThat(hall.allSessions("")).hasSize(1);
    peer.abort();
    assertThat(hall.allSessions("")).isEmpty();
  }

  @Test
  void sessionsAreChosenByUserTagAndWhetherTheyAreLost() {
    Welcome ann = hall.hello(hall.dial("?user=ann"));
    Welcome annLost = hall.lost("?user=ann");
    Welcome bob = hall.hello(hall.dial("?user=bob"));
    hall.server.registry().session(bob.session()).orElseThrow().tag("vip");

    assertThat(hall.allSessions("\"user\":\"ann\""))
        .containsExactlyInAnyOrder(ann.session(), annLost.session());
    assertThat(hall.allSessions("\"user\":\"ann\",\"lost\":true"))
        .containsExactly(annLost.session());
    assertThat(hall.allSessions("\"lost\":false"))
        .containsExactlyInAnyOrder(ann.session(), bob.session());
    assertThat(hall.allSessions("\"tag\":\"vip\"")).containsExactly(bob.session());
    assertThat(hall.allSessions("\"user\":\"nobody\"")).isEmpty();
  }

  @Test
  void aTagIsFoundWhileItsSessionIsLost() {
    TestPeer peer = hall.dial("");
    Welcome session = hall.hello(peer);
    hall.server.registry().session(session.session()).orElseThrow().tag("vip");
    peer.abort();
    assertThat(hall.allSessions("\"tag\":\"vip\",\"lost\":true"))
        .containsExactly(session.session());
  }

  @Test
  void pagesHoldWhileSessionsComeAndGo() {
    List<String> stay = new ArrayList<>();
    List<TestPeer> leave = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      TestPeer peer = hall.dial("");
      String session = hall.hello(peer).session();
      if (i % 2 == 0) {
        stay.add(session);
      } else {
        leave.add(peer);
      }
    }
    List<String> seen = new ArrayList<>();
    String after = "";
    do {
      JsonMembers page = hall.ask("sessions", "{\"limit\":3" + after + "}");
      List<String> ids = AdminHall.ids(page);
      assertThat(ids).hasSizeLessThanOrEqualTo(3);
      seen.addAll(ids);
      String next = page.stringOrNull("next");
      after = next == null ? "" : ",\"after\":\"" + next + "\"";
      if (!leave.isEmpty()) {
        leave.removeLast().close(); // ends its session
        hall.hello(hall.dial(""));
      }
    } while (!after.isEmpty());
    assertThat(seen).containsAll(stay).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aResumedSessionIsOneRowOfItsNewConnection() {
    Welcome before = hall.lost("?user=ann");
    hall.resume(hall.dial("?user=ann"), before);
    JsonMembers row = row(hall.ask("sessions", "{}"), before.session());
    assertThat(row.string("connection")).isEqualTo("n-3");
    assertThat(row.integer("generation")).isEqualTo(2);
  }

  @Test
  void aForgottenSessionIsNotListed() {
    hall.lost("");
    hall.network.advance(Duration.ofMinutes(3));
    assertThat(hall.allSessions("")).isEmpty();
  }

  @Test
  void onePageLooksAtSoManySessionsAndTheNextOneGoesOn() {
    hall.crowd(2_050);
    hall.lost("?user=ann");
    List<Integer> sizes = new ArrayList<>();
    String after = "";
    do {
      JsonMembers page = hall.ask("sessions", "{\"user\":\"ann\"" + after + "}");
      sizes.add(AdminHall.ids(page).size());
      String next = page.stringOrNull("next");
      after = next == null ? "" : ",\"after\":\"" + next + "\"";
    } while (!after.isEmpty());
    assertThat(sizes).hasSize(2);
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isOne();
  }

  // ---- one of them

  @Test
  void everythingAboutASessionIsShownButItsSecrets() {
    TestPeer ann = hall.dial("?user=ann&of=acme");
    Welcome session = hall.hello(ann);
    hall.subscribe(ann, "b");
    hall.subscribe(ann, "a");
    hall.server.registry().session(session.session()).orElseThrow().tag("vip");
    hall.network.advance(Duration.ofSeconds(2));

    JsonMembers shown = hall.ask("inspect", "{\"session\":\"" + session.session() + "\"}");
    assertThat(shown.string("session")).isEqualTo(session.session());
    assertThat(shown.string("connection")).isEqualTo("n-2");
    assertThat(shown.string("state")).isEqualTo("ready");
    assertThat(shown.string("user")).isEqualTo("ann");
    assertThat(shown.string("tenant")).isEqualTo("acme");
    assertThat(shown.string("agent")).isEqualTo("till/1.2");
    assertThat(shown.strings("caps")).containsExactly("ack", "meta");
    assertThat(shown.string("dialect")).isEqualTo("json-rpc");
    assertThat(shown.string("path")).isEqualTo("/ws");
    assertThat(shown.string("remote")).isNotEmpty();
    assertThat(shown.strings("tags")).containsExactly("vip");
    assertThat(shown.strings("topics")).containsExactly("a", "b");
    assertThat(shown.integer("subscriptions")).isEqualTo(2);
    assertThat(shown.integer("idleMs")).isGreaterThanOrEqualTo(2_000);
    assertThat(shown.integer("inbound")).isZero();
    assertThat(shown.integer("pending")).isZero();
    assertThat(shown.integer("queuedBytes")).isNotNegative();
    assertThat(shown.bool("kept", false)).isTrue();
    assertThat(Objects.requireNonNull(shown.object("auth")).string("method")).isNotEmpty();
    assertThat(shown.names()).doesNotContain("token", "resumeToken");
  }

  @Test
  void theSameIsShownByTheConnection() {
    Welcome session = hall.hello(hall.dial(""));
    JsonMembers shown = hall.ask("inspect", "{\"connection\":\"n-2\"}");
    assertThat(shown.string("session")).isEqualTo(session.session());
  }

  @Test
  void whoSaidNoHelloIsShownWithoutASession() {
    hall.dial("?user=ann");
    TestPeer.dial(hall.network, "ws://server/raw");
    JsonMembers plain = hall.ask("inspect", "{\"connection\":\"n-2\"}");
    assertThat(plain.stringOrNull("session")).isNull();
    assertThat(plain.string("user")).isEqualTo("ann");
    assertThat(plain.bool("kept", true)).isFalse();
    JsonMembers raw = hall.ask("inspect", "{\"connection\":\"n-3\"}");
    assertThat(raw.string("path")).isEqualTo("/raw");
    assertThat(raw.strings("topics")).isEmpty();
  }

  @Test
  void aLostSessionIsShownWithTheTimeThatIsLeft() {
    Welcome lost = hall.lost("?user=ann");
    hall.network.advance(Duration.ofSeconds(30));
    JsonMembers shown = hall.ask("inspect", "{\"session\":\"" + lost.session() + "\"}");
    assertThat(shown.string("state")).isEqualTo("lost");
    assertThat(shown.stringOrNull("connection")).isNull();
    assertThat(shown.integer("lostMs")).isBetween(30_000L, 31_000L);
    assertThat(shown.integer("endsInMs")).isBetween(89_000L, 90_000L);
  }

  @Test
  void manySubscriptionsAreShownPageByPage() {
    hall.close();
    try (AdminHall many = new AdminHall(builder -> builder.maxSubscriptions(1_000))) {
      TestPeer peer = many.dial("");
      String session = many.hello(peer).session();
      for (int i = 100; i < 300; i++) {
        many.subscribe(peer, "t" + i);
      }
      JsonMembers first = many.ask("inspect", "{\"session\":\"" + session + "\"}");
      assertThat(first.integer("subscriptions")).isEqualTo(200);
      assertThat(first.strings("topics")).hasSize(128).isSorted();
      assertThat(first.string("topicsNext")).isEqualTo("t227");
      JsonMembers second =
          many.ask("inspect", "{\"session\":\"" + session + "\",\"topicsAfter\":\"t227\"}");
      assertThat(second.strings("topics")).hasSize(72).startsWith("t228").endsWith("t299");
      assertThat(second.stringOrNull("topicsNext")).isNull();
    }
  }

  @Test
  void nobodyOfThatNameIsSaid() {
    assertThat(hall.error("inspect", "{\"session\":\"x\"}").integer("code")).isEqualTo(-32004);
    assertThat(hall.error("inspect", "{\"connection\":\"n-99\"}").integer("code"))
        .isEqualTo(-32004);
  }

  // ---- how many

  @Test
  void connectionsAreCountedByWhatTheyShare() {
    hall.hello(hall.dial("?user=ann&of=acme"));
    hall.dial("?user=ann&of=acme");
    hall.dial("?user=bob");
    TestPeer.dial(hall.network, "ws://server/raw");

    JsonMembers users = hall.ask("count", "{\"by\":\"user\"}");
    assertThat(users.integer("total")).isEqualTo(5);
    assertThat(users.integer("names")).isEqualTo(4); // nobody in particular among them
    assertThat(top(users)).containsExactly("ann=2", "null=1", "bob=1", "root=1");
    assertThat(top(hall.ask("count", "{\"by\":\"user\",\"limit\":1}"))).containsExactly("ann=2");
    assertThat(top(hall.ask("count", "{\"by\":\"tenant\"}"))).containsExactly("null=3", "acme=2");
    assertThat(top(hall.ask("count", "{\"by\":\"path\"}"))).containsExactly("/ws=4", "/raw=1");
    assertThat(top(hall.ask("count", "{\"by\":\"state\"}"))).containsExactly("ready=5");
    assertThat(top(hall.ask("count", "{\"by\":\"agent\"}")))
        .containsExactly("null=4", "till/1.2=1");
    assertThat(hall.ask("count", "{\"by\":\"address\"}").integer("total")).isEqualTo(5);
    assertThat(hall.ask("count", "{\"by\":\"method\"}").integer("total")).isEqualTo(5);
  }

  // ---- mistakes

  @Test
  void whatDoesNotFitIsRefusedByItsName() {
    hall.refused("stats", "{\"x\":1}", "x: unknown");
    hall.refused("sessions", "{\"users\":\"ann\"}", "users: unknown");
    hall.refused("sessions", "{\"limit\":\"3\"}", "limit: ");
    hall.refused("sessions", "{\"limit\":0}", "limit: ");
    hall.refused("sessions", "{\"after\":3}", "after: ");
    hall.refused("sessions", "{\"user\":\"\"}", "user: ");
    hall.refused("sessions", "{\"lost\":\"yes\"}", "lost: ");
    hall.refused("sessions", "[1]", "expected an object");
    hall.refused("inspect", "{}", "session: expected exactly one");
    hall.refused("inspect", "{\"session\":\"a\",\"connection\":\"b\"}", "connection: expected");
    hall.refused("count", "{}", "by: missing");
    hall.refused("count", "{\"by\":\"colour\"}", "by: expected one of address, agent");
    hall.refused("sessions", "{\"" + "x".repeat(200) + "\":1}", "a member: unknown");
  }

  @Test
  void whoMayNotLearnsNothing() {
    TestPeer ann = hall.dial("?user=ann");
    for (String what : List.of("sessions", "inspect", "count", "stats")) {
      assertThat(hall.error(ann, what, "{\"bogus\":1}").integer("code")).isEqualTo(-32003);
    }
  }

  @Test
  void administrationIsNotAmongTheMethodsThatAreDiscovered() {
    RawJson document = hall.admin.call(9_000, "rpc.discover", "{}");
    assertThat(document.toString()).contains("openrpc").doesNotContain("rpc.admin");
  }

  private static JsonMembers row(JsonMembers answer, String session) {
    return AdminHall.rows(answer, "sessions").stream()
        .filter(row -> row.string("id").equals(session))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> top(JsonMembers answer) {
    return AdminHall.rows(answer, "top").stream()
        .map(row -> row.stringOrNull("name") + "=" + row.integer("connections"))
        .toList();
  }
}
