package dev.everwire.server.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.CloseCode;
import dev.everwire.server.connection.AttributeKey;
import dev.everwire.server.connection.Attributes;
import dev.everwire.server.connection.AttributesFullException;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.connection.DuplicateClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is found by which name, and when nobody is any more. */
final class RegistryTest {
  private static final AttributeKey<String> COLOUR = AttributeKey.of("colour", String.class);

  private final Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
  private final Registry registry = hall.registry;
  private final OpenConnections door = new OpenConnections(registry);

  private static Claim fresh(String session) {
    return new Claim(session, 1, null, null, null, null);
  }

  @Test
  void aPlainPeerIsFoundByItsConnectionWhichNamesSessionAndClient() {
    Entry entry = hall.anybody();
    assertThat(entry.connectionId()).isEqualTo("n-1-1");
    assertThat(entry.sessionId()).isEqualTo("n-1-1");
    assertThat(entry.clientId()).isEqualTo("n-1-1");
    assertThat(entry.generation()).isZero();
    assertThat(entry.state()).isEqualTo(ConnectionState.READY);
    assertThat(entry.path()).isEqualTo("/raw");
    assertThat(registry.connection("n-1-1")).isSameAs(entry);
    assertThat(registry.session("n-1-1")).isSameAs(entry);
    assertThat(registry.client(null, "n-1-1")).containsExactly(entry);
    assertThat(registry.client("u", "n-1-1")).isEmpty();
    for (String nobody : List.of("n-1-2", "n-1-", "n-1-01", "n-1-+1", "n-1--1", "m-1", "", "x")) {
      assertThat(registry.connection(nobody)).as(nobody).isNull();
    }
  }

  @Test
  void aSessionIsFoundByItsOwnName() {
    Entry entry = hall.comes(Map.of("user", "u", "tenant", "t"));
    Greeting greeting = hall.greet(entry, new Claim("S1", 3, "phone", null, null, null));
    assertThat(greeting).isInstanceOf(Greeting.Welcomed.class);
    assertThat(entry.generation()).isEqualTo(3);
    assertThat(entry.tenant()).contains("t");
    assertThat(registry.session("S1")).isSameAs(entry);
    assertThat(registry.session("n-1-1")).isNull();
    assertThat(registry.client("u", "phone")).containsExactly(entry);
    assertThat(registry.client(null, "phone")).isEmpty();
    assertThat(registry.client("u", "S1")).isEmpty(); // it has a name of its own
    assertThat(registry.user("u")).containsExactly(entry);
    assertThat(registry.users()).isOne();
  }

  @Test
  void nothingIsLeftWhenTheLastHasGone() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Entry entry = hall.comes(Map.of("user", "u" + i % 7, "client", "c" + i, "tenant", "t"));
      entry.tag("tag" + i % 3);
      entry.attributes().set(COLOUR, "red");
      hall.greet(entry, fresh("S" + i));
      entries.add(entry);
    }
    assertThat(registry.size()).isEqualTo(100);
    assertThat(registry.empty()).isFalse();
    entries.forEach(entry -> hall.peer(entry).abort());
    assertThat(registry.size()).isZero();
    assertThat(registry.empty()).isTrue();
    assertThat(hall.admissions.held()).isZero();
    assertThat(entries).allMatch(Entry::ended);
    entries.getFirst().tag("late"); // harms nobody
    assertThat(registry.empty()).isTrue();
  }

  @Test
  void pagesKeepTheOrderInWhichTheyCame() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      entries.add(hall.anybody());
    }
    for (int i = 0; i < 100; i += 2) {
      hall.peer(entries.get(i)).close();
    }
    List<String> seen = new ArrayList<>();
    String after = null;
    for (var page = door.page(after, 7); !page.isEmpty(); page = door.page(after, 7)) {
      page.forEach(connection -> seen.add(connection.connectionId()));
      after = seen.getLast();
    }
    assertThat(seen).hasSize(50).startsWith("n-1-2", "n-1-4").endsWith("n-1-100");
    assertThat(door.count()).isEqualTo(50);
    assertThat(door.states()).isEqualTo(Map.of(ConnectionState.READY, 50));
    assertThatThrownBy(() -> door.page("other", 7)).hasMessageStartingWith("after: \"other\"");
    assertThatThrownBy(() -> door.page(null, 0)).hasMessage("limit: 0 (expected: 1-1000)");
  }

  @Test
  void theStateFollowsTheConnection() {
    Entry entry = hall.comes(Map.of("back", "1"));
    assertThat(entry.state()).isEqualTo(ConnectionState.AUTHENTICATING);
    hall.greet(entry, fresh("S1"));
    assertThat(entry.state()).isEqualTo(ConnectionState.READY);
    entry
        .loop()
        .execute(() -> {
          entry.close(CloseCode.KICKED.value(), "");
          assertThat(entry.state()).isEqualTo(ConnectionState.CLOSING);
        });
    hall.network.runUntilIdle();
    assertThat(entry.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void agesAndFiguresAreReadable() {
    Entry entry = hall.anybody();
    hall.network.advance(Duration.ofSeconds(3));
    hall.peer(entry).send("hello");
    hall.network.advance(Duration.ofSeconds(2));
    assertThat(entry.age()).isEqualTo(Duration.ofSeconds(5));
    var figures = entry.figures();
    hall.network.runUntilIdle();
    assertThat(figures.join().idleFor()).isEqualTo(Duration.ofSeconds(2));
    assertThat(figures.join().queuedBytes()).isZero();
    assertThat(figures.join().untilMaxAge()).isNull();
    assertThat(figures.join().untilIdleTimeout()).isNull();
    hall.peer(entry).close();
    var late = entry.figures();
    hall.network.runUntilIdle();
    assertThat(late).isCompletedExceptionally();
  }

  // ---- what is attached

  @Test
  void tagsFindTheirSessionsWhateverTheirConnection() {
    Entry first = hall.anybody();
    Entry other = hall.anybody();
    assertThat(first.tag("eu")).isTrue();
    assertThat(first.tag("eu")).isFalse();
    other.tag("eu");
    other.tag("us");
    assertThat(registry.tagged("eu")).containsExactlyInAnyOrder(first, other);
    assertThat(other.untag("eu")).isTrue();
    assertThat(other.untag("eu")).isFalse();
    assertThat(registry.tagged("eu")).containsExactly(first);
    assertThat(other.tags()).containsExactly("us");
    assertThatThrownBy(() -> first.tag("")).hasMessageStartingWith("tag: \"\"");
    assertThatThrownBy(() -> first.tag("x".repeat(65))).hasMessageStartingWith("tag: \"xxx");
    for (int i = 1; i < 32; i++) {
      first.tag("t" + i);
    }
    assertThatThrownBy(() -> first.tag("one more"))
        .isInstanceOf(AttributesFullException.class)
        .hasMessage("tags: 33 (expected: at most 32)");
  }

  @Test
  void attributesAreBoundedInNumberAndBytes() {
    Attributes attributes = hall.anybody().attributes();
    assertThat(attributes.get(COLOUR)).isEmpty();
    assertThat(attributes.keys()).isEmpty();
    assertThat(attributes.bytes()).isZero();
    assertThat(attributes.remove(COLOUR)).isFalse();

    attributes.set(COLOUR, "red");
    attributes.set(COLOUR, "green");
    assertThat(attributes.get(COLOUR)).contains("green");
    assertThat(attributes.bytes()).isEqualTo(11);
    assertThatThrownBy(() -> attributes.set(COLOUR, "x".repeat(65_536)))
        .isInstanceOf(AttributesFullException.class)
        .hasMessage("attributes: 65542 bytes with \"colour\" (expected: at most 65536)");
    assertThat(attributes.get(COLOUR)).contains("green");
    for (int i = 1; i < 64; i++) {
      attributes.set(AttributeKey.of("k" + i, Integer.class), i);
    }
    assertThatThrownBy(() -> attributes.set(AttributeKey.of("k64", Integer.class), 64))
        .isInstanceOf(AttributesFullException.class)
        .hasMessage("attributes: 65 (expected: at most 64)");
    assertThat(attributes.remove(COLOUR)).isTrue();
    attributes.set(AttributeKey.of("k64", Integer.class), 64);
    assertThat(attributes.keys()).hasSize(64);
    assertThat(attributes.bytes()).isEqualTo(9 * 18 + 55 * 19);
  }

  @Test
  void whatIsAttachedGoesOnWithTheSessionAndEndsWithIt() {
    Entry first = hall.anybody();
    first.attributes().set(COLOUR, "red");
    first.tag("eu");
    SessionIdentity identity = welcomed(hall.greet(first, fresh("S1"))).identity();
    hall.peer(first).abort();
    assertThat(registry.tagged("eu")).isEmpty();
    assertThat(registry.session("S1")).isNull();

    Entry next = hall.anybody();
    next.tag("wifi"); // before it says which session it is
    Greeting.Welcomed back =
        welcomed(hall.greet(next, new Claim("S1", 2, null, null, null, identity)));
    assertThat(back.identity()).isSameAs(identity);
    assertThat(back.former()).isNull();
    assertThat(next.attributes().get(COLOUR)).contains("red");
    assertThat(next.tags()).containsExactlyInAnyOrder("eu", "wifi");
    assertThat(registry.tagged("eu")).containsExactly(next);
    assertThat(registry.tagged("wifi")).containsExactly(next);
    hall.peer(next).abort();
    assertThat(registry.empty()).isTrue();
  }

  @Test
  void aSessionThatMovesWhileItsFormerConnectionIsOpenTakesItsNamesAlong() {
    Entry former = hall.comes(Map.of("user", "u"));
    Greeting.Welcomed welcomed =
        welcomed(hall.greet(former, new Claim("S1", 1, "phone", null, null, null)));
    former.tag("eu");
    Entry next = hall.comes(Map.of("user", "u"));
    Greeting.Welcomed back =
        welcomed(hall.greet(next, new Claim("S1", 2, "phone", null, null, welcomed.identity())));
    assertThat(back.former()).isSameAs(former);
    assertThat(former.leaves()).isFalse(); // the caller ends it
    assertThat(registry.session("S1")).isSameAs(next);
    assertThat(registry.client("u", "phone")).containsExactly(next);
    assertThat(registry.tagged("eu")).containsExactly(next);

    hall.peer(former).abort(); // the late end of the old one takes nothing of the new one's
    assertThat(registry.session("S1")).isSameAs(next);
    assertThat(registry.client("u", "phone")).containsExactly(next);
    assertThat(registry.tagged("eu")).containsExactly(next);
    assertThat(registry.user("u")).containsExactly(next);
    assertThat(hall.admissions.held()).isOne();
  }

  private static Greeting.Welcomed welcomed(Greeting greeting) {
    assertThat(greeting).isInstanceOf(Greeting.Welcomed.class);
    return (Greeting.Welcomed) greeting;
  }
}
