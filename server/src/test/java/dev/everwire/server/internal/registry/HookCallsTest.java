package dev.everwire.server.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.limit.ConnectionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HookCallsTest {
  private final List<String> told = new ArrayList<>();
  private boolean failing;

  private final ConnectionHooks hooks =
      new ConnectionHooks() {
        @Override
        public void onConnect(ServerConnection connection) {
          note(connection, "connect");
        }

        @Override
        public void onAuthenticated(ServerConnection connection) {
          note(connection, "authenticated " + connection.user().orElse("-"));
        }

        @Override
        public void onResumed(ServerConnection connection) {
          note(connection, "resumed");
        }

        @Override
        public void onDisconnected(
            ServerConnection connection, String reason, int code, Duration duration) {
          note(connection, "disconnected " + code + " " + reason + " " + duration.toSeconds());
        }

        @Override
        public void onError(ServerConnection connection, Throwable error) {
          told.add(connection.connectionId() + " error " + error.getMessage());
          throw new IllegalStateException("again");
        }

        private void note(ServerConnection connection, String what) {
          told.add(connection.connectionId() + " " + what);
          if (failing) {
            throw new IllegalArgumentException(what);
          }
        }
      };

  private final Hall hall = new Hall(DuplicateClient.REPLACE_OLD, ConnectionLimits.DEFAULT, hooks);

  @Test
  void eachIsToldOnceInTheOrderOfALife() {
    Entry entry = hall.anybody();
    Claim claim = new Claim("S1", 1, null, "u", null, null);
    Greeting first = hall.greet(entry, claim);
    hall.greet(entry, claim);
    hall.network.advance(Duration.ofSeconds(3));
    hall.peer(entry).close();
    Entry next = hall.comes(Map.of("user", "u"));
    SessionIdentity identity = ((Greeting.Welcomed) first).identity();
    hall.greet(next, new Claim("S1", 2, null, null, null, identity));
    assertThat(told)
        .containsExactly(
            "n-1-1 connect",
            "n-1-1 authenticated u",
            "n-1-1 disconnected 1000 bye 3",
            "n-1-2 connect",
            "n-1-2 authenticated u",
            "n-1-2 resumed");
  }

  @Test
  void whatOneThrowsIsToldAndKeepsNothingElseFromHappening() {
    failing = true;
    Entry entry = hall.comes(Map.of("user", "u"));
    hall.peer(entry).abort();
    assertThat(told)
        .containsExactly(
            "n-1-1 connect",
            "n-1-1 error connect",
            "n-1-1 authenticated u",
            "n-1-1 disconnected 1006 connection lost 0"); // onError once, too
    assertThat(hall.registry.empty()).isTrue();
  }

  @Test
  void theEndOfAReplacedOneIsToldWithItsReason() {
    hall.client("phone");
    hall.client("phone");
    assertThat(told)
        .containsExactlyInAnyOrder(
            "n-1-1 connect",
            "n-1-2 connect",
            "n-1-1 disconnected 4409 replaced by a newer connection 0");
  }
}
