package dev.everwire.server.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.CloseCode;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.limit.ConnectionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a client that is there already. */
final class DuplicateClientTest {

  private static Claim claim(String session, @Nullable String client) {
    return new Claim(session, 1, client, null, null, null);
  }

  @Test
  void theNewOneIsInPlaceBeforeTheOldOneIsClosed() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry old = hall.client("phone");
    Entry next = hall.client("phone");
    assertThat(hall.peer(old).closeCode()).isEqualTo(4409);
    assertThat(hall.registry.client(null, "phone")).containsExactly(next);
    assertThat(hall.peer(next).open()).isTrue();
    assertThat(hall.registry.size()).isOne();
  }

  @Test
  void theLateEndOfTheOldOneDoesNotRemoveTheNewOne() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD, limits(1), null);
    Entry old = hall.client("phone");
    hall.peer(old).reading(false); // it answers no Close frame
    Entry next = hall.client("phone");
    assertThat(old.leaves()).isTrue();
    assertThat(old.ended()).isFalse();
    assertThat(hall.admissions.held()).isOne();

    hall.network.advance(Duration.ofSeconds(10));
    assertThat(old.ended()).isTrue();
    assertThat(hall.registry.client(null, "phone")).containsExactly(next);
    assertThat(hall.registry.connection(next.connectionId())).isSameAs(next);
    assertThat(hall.peer(next).open()).isTrue();
    assertThat(hall.admissions.held()).isOne();
    assertThat(hall.refused(Map.of())).isEqualTo(503); // its place is not free

    hall.peer(next).close();
    assertThat(hall.registry.empty()).isTrue();
    assertThat(hall.admissions.held()).isZero();
  }

  @Test
  void aHelloMayNameTheClientToo() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry old = hall.anybody();
    hall.greet(old, claim("S1", "phone"));
    Entry next = hall.anybody();
    hall.greet(next, claim("S2", "phone"));
    assertThat(hall.peer(old).closeCode()).isEqualTo(4409);
    assertThat(hall.registry.client(null, "phone")).containsExactly(next);
    assertThat(hall.registry.session("S1")).isNull();
    assertThat(next.clientId()).isEqualTo("phone");
  }

  @Test
  void whatTheHandshakeSaysCountsMoreThanTheHello() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry entry = hall.client("phone");
    hall.greet(entry, claim("S1", "other"));
    assertThat(entry.clientId()).isEqualTo("phone");
    assertThat(hall.registry.client(null, "other")).isEmpty();
  }

  @Test
  void twoUsersNeverShareTheirClientsNames() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry anonymous = hall.client("phone");
    Entry one = hall.comes(Map.of("client", "phone", "user", "u1"));
    Entry other = hall.comes(Map.of("client", "phone", "user", "u2"));
    assertThat(hall.registry.client(null, "phone")).containsExactly(anonymous);
    assertThat(hall.registry.client("u1", "phone")).containsExactly(one);
    assertThat(hall.registry.client("u2", "phone")).containsExactly(other);
    assertThat(hall.registry.size()).isEqualTo(3);

    hall.greet(other, new Claim("S1", 1, null, "u1", null, null)); // it is u1 after all
    assertThat(hall.peer(one).closeCode()).isEqualTo(4409);
    assertThat(hall.registry.client("u1", "phone")).containsExactly(other);
    assertThat(hall.registry.client("u2", "phone")).isEmpty();
    assertThat(hall.registry.user("u2")).isEmpty();
  }

  @Test
  void ofManyThatComeAtOnceOneSurvives() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD, limits(1), null);
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(hall.client("phone"));
    }
    hall.network.advance(Duration.ofSeconds(10));
    assertThat(all.stream().filter(entry -> !entry.ended()))
        .containsExactly(all.getLast())
        .isEqualTo(hall.registry.client(null, "phone"));
    assertThat(hall.admissions.held()).isOne();
  }

  // ---- the old one stays

  @Test
  void theOldOneStaysIfItIsToldSo() {
    Hall hall = new Hall(DuplicateClient.REJECT_NEW);
    Entry old = hall.client("phone");
    assertThat(hall.refused(Map.of("client", "phone"))).isEqualTo(409);
    assertThat(hall.peer(old).open()).isTrue();

    Entry other = hall.anybody();
    Greeting greeting = hall.greet(other, claim("S2", "phone"));
    assertThat(greeting).isEqualTo(new Greeting.Conflict());
    assertThat(hall.registry.session("S2")).isNull();
    assertThat(other.clientId()).isEqualTo(other.connectionId());
    other.loop().execute(() -> hall.reception.refuse(other, greeting));
    hall.network.runUntilIdle();
    assertThat(hall.peer(other).closeCode()).isEqualTo(4409);

    hall.peer(old).close();
    assertThat(hall.client("phone").ended()).isFalse();
  }

  @Test
  void whoeverLeavesIsNoReasonToRejectAnybody() {
    Hall hall = new Hall(DuplicateClient.REJECT_NEW);
    Entry old = hall.client("phone");
    hall.peer(old).reading(false);
    old.close(CloseCode.KICKED, "");
    hall.network.runUntilIdle();
    assertThat(old.ended()).isFalse();
    Entry next = hall.client("phone");
    assertThat(hall.registry.client(null, "phone")).containsExactly(next);
  }

  @Test
  void aSessionThatGoesOnIsNoDuplicateOfItself() {
    Hall hall = new Hall(DuplicateClient.REJECT_NEW);
    Entry old = hall.anybody();
    Greeting first = hall.greet(old, claim("S1", "phone"));
    assertThat(first).isInstanceOf(Greeting.Welcomed.class);
    SessionIdentity identity = ((Greeting.Welcomed) first).identity();
    Entry next = hall.anybody();
    Greeting back = hall.greet(next, new Claim("S1", 2, "phone", null, null, identity));
    assertThat(back).isEqualTo(new Greeting.Welcomed(identity, old));
    assertThat(hall.registry.client(null, "phone")).containsExactly(next);
  }

  // ---- both stay

  @Test
  void bothStayIfThatIsAllowed() {
    Hall hall = new Hall(DuplicateClient.ALLOW);
    Entry one = hall.client("phone");
    Entry two = hall.client("phone");
    Entry three = hall.anybody();
    hall.greet(three, claim("S3", "phone"));
    assertThat(hall.registry.client(null, "phone")).containsExactlyInAnyOrder(one, two, three);
    hall.peer(two).close();
    assertThat(hall.registry.client(null, "phone")).containsExactlyInAnyOrder(one, three);
    hall.peer(one).close();
    hall.peer(three).close();
    assertThat(hall.registry.empty()).isTrue();
  }

  // ---- places

  @Test
  void aClientThatComesBackIsNotCountedTwice() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD, limits(2), null);
    hall.client("phone");
    hall.client("tablet");
    assertThat(hall.refused(Map.of("client", "watch"))).isEqualTo(503);
    for (int i = 0; i < 5; i++) {
      hall.client("phone");
      assertThat(hall.admissions.held()).isEqualTo(2);
    }
    assertThat(hall.registry.size()).isEqualTo(2);
  }

  @Test
  void aSessionThatComesBackToAFullServerTakesItsFormersPlace() {
    Hall hall =
        new Hall(
            DuplicateClient.REPLACE_OLD,
            ConnectionLimits.DEFAULT.withPerNode(1).withPerUser(1),
            null);
    Entry old = hall.comes(Map.of("user", "u"));
    Greeting first = hall.greet(old, claim("S1", null));
    assertThat(first).isInstanceOf(Greeting.Welcomed.class);
    SessionIdentity identity = ((Greeting.Welcomed) first).identity();
    Entry next = hall.comes(Map.of("user", "u", "back", "1"));
    assertThat(hall.refused(Map.of("user", "v", "back", "1"))).isEqualTo(503);
    assertThat(hall.greet(next, new Claim("S1", 2, null, null, null, identity)))
        .isInstanceOf(Greeting.Welcomed.class);
    assertThat(hall.admissions.held()).isOne();
    assertThat(hall.admissions.provisional()).isZero();
    hall.peer(old).abort();
    assertThat(hall.admissions.held()).isOne();
    hall.network.advance(Duration.ofSeconds(6));
    assertThat(hall.peer(next).open()).isTrue();
  }

  @Test
  void whoDoesNotTakeAPlaceInTimeHasToGo() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD, limits(1), null);
    hall.anybody();
    Entry hopeful = hall.comes(Map.of("back", "1"));
    hall.network.advance(Duration.ofSeconds(4));
    assertThat(hall.peer(hopeful).open()).isTrue();
    hall.network.advance(Duration.ofSeconds(2));
    assertThat(hall.peer(hopeful).closeCode()).isEqualTo(1013);
    assertThat(hall.admissions.provisional()).isZero();

    Entry other = hall.comes(Map.of("back", "1"));
    Greeting full = hall.greet(other, claim("S1", null));
    assertThat(full).isEqualTo(new Greeting.Full("the server"));
    other.loop().execute(() -> hall.reception.refuse(other, full));
    hall.network.runUntilIdle();
    assertThat(hall.peer(other).closeCode()).isEqualTo(1013);
  }

  @Test
  void aUserThatIsKnownLateIsCountedLate() {
    Hall hall =
        new Hall(DuplicateClient.REPLACE_OLD, ConnectionLimits.DEFAULT.withPerUser(1), null);
    hall.comes(Map.of("user", "u"));
    assertThat(hall.refused(Map.of("user", "u"))).isEqualTo(503);
    Entry late = hall.anybody();
    assertThat(hall.greet(late, new Claim("S1", 1, "phone", "u", null, null)))
        .isEqualTo(new Greeting.Full("the user"));
    assertThat(hall.registry.client("u", "phone")).isEmpty();
    assertThat(late.user()).isEmpty();
    assertThat(hall.greet(late, new Claim("S1", 1, "phone", "v", null, null)))
        .isInstanceOf(Greeting.Welcomed.class);
  }

  private static ConnectionLimits limits(int perNode) {
    return ConnectionLimits.DEFAULT.withPerNode(perNode);
  }

  // ---- those who are refused

  @Test
  void whoIsRefusedTakesNothingFromTheOldOne() {
    Hall hall =
        new Hall(
            DuplicateClient.REPLACE_OLD,
            ConnectionLimits.DEFAULT.withPerNode(1).withPerTenant(1),
            null);
    Entry old = hall.client("phone");
    Entry other = hall.comes(Map.of("client", "phone")); // takes over
    assertThat(old.ended()).isTrue();
    hall.peer(other).reading(false);
    Entry refused = hall.comes(Map.of("back", "1"));
    assertThat(hall.greet(refused, claim("S2", "tablet")))
        .isEqualTo(new Greeting.Full("the server"));
    assertThat(hall.registry.client(null, "phone")).containsExactly(other);
    assertThat(hall.registry.client(null, "tablet")).isEmpty();
    assertThat(hall.peer(other).open()).isTrue();
    assertThat(hall.admissions.held()).isOne();
    assertThat(hall.refused(Map.of())).isEqualTo(503);
  }

  @Test
  void aRefusedHelloOfTheSameClientLeavesTheOldOneAlone() {
    Hall hall =
        new Hall(DuplicateClient.REPLACE_OLD, ConnectionLimits.DEFAULT.withPerTenant(1), null);
    Entry old = hall.anybody();
    hall.greet(old, claim("S1", "phone"));
    hall.comes(Map.of("tenant", "t"));
    Entry next = hall.anybody();
    assertThat(hall.greet(next, new Claim("S2", 1, "phone", null, "t", null)))
        .isEqualTo(new Greeting.Full("the tenant"));
    assertThat(hall.peer(old).open()).isTrue();
    assertThat(hall.registry.client(null, "phone")).containsExactly(old);
    assertThat(hall.admissions.held()).isEqualTo(3);
    hall.peer(old).close();
    assertThat(hall.admissions.held()).isEqualTo(2);
  }

  @Test
  void whoClosesAlreadyCostsNobodyItsLife() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry living = hall.client("phone");
    Entry closing = hall.anybody();
    hall.peer(closing).reading(false);
    closing.close(CloseCode.GOING_AWAY, "");
    hall.network.runUntilIdle();
    assertThat(hall.greet(closing, claim("S1", "phone"))).isEqualTo(new Greeting.Gone());
    assertThat(hall.peer(living).open()).isTrue();
    assertThat(hall.registry.client(null, "phone")).containsExactly(living);
    assertThat(hall.registry.session("S1")).isNull();
  }

  @Test
  void nobodyMayTakeANameThatMeansSomebodyElse() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry plain = hall.anybody();
    Entry session = hall.anybody();
    hall.greet(session, claim("S1", null));
    for (String name : List.of(plain.connectionId(), "S1", "n-1-77")) {
      Entry thief = hall.anybody();
      assertThat(hall.greet(thief, claim("T" + name, name))).isEqualTo(new Greeting.Conflict());
    }
    assertThat(hall.registry.client(null, plain.connectionId())).containsExactly(plain);
    assertThat(hall.registry.client(null, "S1")).containsExactly(session);
  }

  @Test
  void replacedOnesThatDoNotGoAreCutWhenThereAreMany() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD, limits(1), null);
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Entry entry = hall.client("phone");
      hall.peer(entry).reading(false);
      all.add(entry);
    }
    hall.network.advance(Duration.ofSeconds(1));
    assertThat(all.stream().filter(entry -> !entry.ended())).hasSize(17); // 16 linger
    hall.network.advance(Duration.ofSeconds(10));
    assertThat(hall.registry.size()).isOne();
    assertThat(hall.admissions.linger()).isTrue();
  }

  @Test
  void aSessionIsCountedOnceHoweverOftenItComesBack() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry first = hall.anybody();
    Greeting welcomed = hall.greet(first, claim("S1", null));
    SessionIdentity identity = ((Greeting.Welcomed) welcomed).identity();
    for (int i = 2; i < 5; i++) {
      hall.greet(hall.anybody(), new Claim("S1", i, null, null, null, identity));
      assertThat(hall.census.sum(LoopCounts.Count.SESSIONS)).isOne();
    }
    hall.peers
        .values()
        .forEach(peer -> {
          if (peer.open()) {
            peer.close();
          }
        });
    assertThat(hall.census.sum(LoopCounts.Count.SESSIONS)).isZero();
  }

  @Test
  void aConnectionThatItsSessionLeftIsNotMeantAnyMore() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry former = hall.comes(Map.of("user", "u"));
    Greeting welcomed = hall.greet(former, claim("S1", null));
    SessionIdentity identity = ((Greeting.Welcomed) welcomed).identity();
    Entry next = hall.comes(Map.of("user", "u"));
    hall.greet(next, new Claim("S1", 2, null, null, null, identity));
    OpenConnections door = new OpenConnections(hall.registry);
    var report = door.sendAsync(Targets.users("u"), Payload.text("hi"));
    hall.network.runUntilIdle();
    assertThat(report.join().targets()).isOne();
    assertThat(hall.peer(next).heard()).containsExactly("hi");
    assertThat(hall.peer(former).heardNothing()).isTrue();
    var byId = door.sendAsync(Targets.connections(former.connectionId()), Payload.text("bye"));
    hall.network.runUntilIdle();
    assertThat(byId.join().delivered()).isOne();
  }

  @Test
  void aResumedSessionKeepsItsTenant() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry first = hall.comes(Map.of("user", "u", "tenant", "t"));
    Greeting welcomed = hall.greet(first, claim("S1", null));
    SessionIdentity identity = ((Greeting.Welcomed) welcomed).identity();
    Entry next = hall.anybody();
    hall.greet(next, new Claim("S1", 2, null, "u", null, identity));
    assertThat(next.tenant()).contains("t");
  }

  @Test
  void whoIsExpectedToSayHelloHasToInTime() {
    Hall hall = new Hall(DuplicateClient.REPLACE_OLD);
    Entry mute = hall.comes(Map.of("back", "1"));
    Entry other = hall.comes(Map.of("back", "1"));
    hall.greet(other, claim("S1", null));
    hall.network.advance(Duration.ofSeconds(11));
    assertThat(hall.peer(mute).closeCode()).isEqualTo(4408);
    assertThat(hall.peer(other).open()).isTrue();
  }
}
