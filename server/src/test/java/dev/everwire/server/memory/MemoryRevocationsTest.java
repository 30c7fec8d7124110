package dev.everwire.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import dev.everwire.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MemoryRevocationsTest {
  private final ManualTime time = new ManualTime();
  private final MemoryRevocations revocations =
      new MemoryRevocations(time::wallTime, Duration.ofHours(1));
  private final List<Revocation> told = new ArrayList<>();

  private static Principal alice(@Nullable String token, @Nullable Instant issued) {
    return Principal.of("alice", "test").withToken(token, issued, null);
  }

  @Test
  void whatAUserGotBeforeIsWorthlessAndWhatItGetsLaterIsNot() {
    Instant now = time.wallTime();
    revocations.onRevoked(told::add);
    Revocation all = new Revocation.User("alice", now);
    assertThat(revocations.revoke(all)).isCompleted();

    assertThat(told).containsExactly(all);
    assertThat(revocations.revoked(alice("a", now.minusMillis(1)))).isTrue();
    assertThat(revocations.revoked(alice("a", null))).isTrue();
    assertThat(revocations.revoked(alice("a", now))).isTrue();
    assertThat(revocations.revoked(alice("a", now.plusMillis(1)))).isFalse();
    assertThat(revocations.revoked(Principal.of("bob", "test"))).isFalse();
    assertThat(revocations.revoked(Principal.anonymous())).isFalse();
  }

  @Test
  void anEarlierRevocationThatComesLateTakesNothingBack() {
    Instant now = time.wallTime();
    revocations.revoke(new Revocation.User("alice", now));
    revocations.revoke(new Revocation.User("alice", now.minusSeconds(60)));

    assertThat(revocations.revoked(alice("a", now.minusSeconds(1)))).isTrue();
  }

  @Test
  void aTokenIsWorthlessByItsName() {
    revocations.revoke(new Revocation.Token("a"));

    assertThat(revocations.revoked(alice("a", time.wallTime().plusSeconds(9)))).isTrue();
    assertThat(revocations.revoked(alice("b", null))).isFalse();
    assertThat(revocations.revoked(alice(null, null))).isFalse();
  }

  @Test
  void aSessionIsOnlyTold() {
    revocations.onRevoked(told::add);
    revocations.revoke(new Revocation.Session("s"));

    assertThat(told).containsExactly(new Revocation.Session("s"));
    assertThat(revocations.revoked(alice("s", null))).isFalse();
  }
}
