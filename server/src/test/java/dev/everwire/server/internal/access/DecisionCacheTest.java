package dev.everwire.server.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.Decision;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {
  private static final Decision FOR_A_MINUTE = new Decision.Allow(Duration.ofMinutes(1));
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final Principal ALICE = Principal.of("alice", "test");

  private final DecisionCache cache = new DecisionCache();

  @Test
  void aDecisionIsFoundUntilItsTimeIsOver() {
    remember(ALICE, "a", 100);

    assertThat(find(ALICE, "a", 100 + MINUTE - 1)).isEqualTo(FOR_A_MINUTE);
    assertThat(find(ALICE, "a", 100 + MINUTE)).isNull();
    assertThat(cache.size()).isZero();
  }

  @Test
  void aClockThatPassesTheLargestNumberIsNoMatter() {
    remember(ALICE, "a", Long.MAX_VALUE - 5);

    assertThat(find(ALICE, "a", Long.MIN_VALUE + 5)).isEqualTo(FOR_A_MINUTE);
    assertThat(find(ALICE, "a", Long.MIN_VALUE + MINUTE + 5)).isNull();
  }

  @Test
  void aTimeBeyondAllTimesIsOne() {
    AccessRequest request = request(ALICE, "a");
    Decision forEver = new Decision.Allow(Duration.ofSeconds(Long.MAX_VALUE));
    cache.remember(request, forEver, cache.generation(), 0);

    assertThat(cache.find(request, Duration.ofDays(365).toNanos())).isEqualTo(forEver);
  }

  @Test
  void whatHasNoTimeIsNotRemembered() {
    cache.remember(request(ALICE, "a"), Decision.allow(), cache.generation(), 0);

    assertThat(cache.size()).isZero();
  }

  @Test
  void anythingDifferentIsAnotherQuestion() {
    remember(ALICE, "a", 0);

    assertThat(find(ALICE, "b", 1)).isNull();
    assertThat(cache.find(new AccessRequest(ALICE, Action.PUBLISH, "a", false), 1)).isNull();
    assertThat(cache.find(new AccessRequest(ALICE, Action.CALL, "a", true), 1)).isNull();
    for (Principal other :
        List.of(
            Principal.of("bob", "test"),
            ALICE.withRoles(Set.of("admin")),
            ALICE.withPermissions(Set.of("write")),
            ALICE.withTenant("acme"),
            ALICE.withToken("t", Instant.EPOCH, null),
            Principal.anonymous())) {
      assertThat(find(other, "a", 1)).isNull();
    }
    assertThat(find(Principal.of("alice", "test"), "a", 1)).isNotNull();
  }

  @Test
  void onePrincipalHasABoundOfItsOwnAndWhatWasNotAskedForLongestGoes() {
    remember(Principal.of("bob", "test"), "a", 0);
    remember(ALICE, "first", 0);
    remember(ALICE, "second", 0);
    for (int i = 2; i < DecisionCache.MOST_OF_ONE; i++) {
      remember(ALICE, "r" + i, 0);
    }
    assertThat(find(ALICE, "first", 1)).isNotNull();
    remember(ALICE, "one more", 0);

    assertThat(find(ALICE, "first", 1)).isNotNull();
    assertThat(find(ALICE, "second", 1)).isNull();
    assertThat(find(Principal.of("bob", "test"), "a", 1)).isNotNull();
    assertThat(cache.size()).isEqualTo(DecisionCache.MOST_OF_ONE + 1);
  }

  @Test
  void thereIsABoundForAllTogether() {
    for (int user = 0; user < 3_000; user++) {
      Principal principal = Principal.of("u" + user, "test");
      for (int i = 0; i < 40; i++) {
        remember(principal, "r" + i, 0);
      }
      assertThat(cache.size()).isLessThanOrEqualTo(DecisionCache.MOST);
    }

    assertThat(cache.size()).isGreaterThan(DecisionCache.MOST / 2);
    assertThat(find(Principal.of("u2999", "test"), "r39", 1)).isNotNull();
    assertThat(find(Principal.of("u0", "test"), "r0", 1)).isNull();
  }

  @Test
  void whatIsForgottenIsGone() {
    remember(ALICE, "a", 0);
    remember(ALICE.withRoles(Set.of("x")), "a", 0);
    remember(Principal.of("bob", "test"), "a", 0);
    remember(Principal.anonymous(), "a", 0);

    cache.forget("alice");
    assertThat(cache.size()).isEqualTo(2);
    assertThat(find(ALICE, "a", 1)).isNull();
    assertThat(find(Principal.of("bob", "test"), "a", 1)).isNotNull();

    cache.forget(null);
    assertThat(cache.size()).isZero();
  }

  @Test
  void whatWasAskedForBeforeItWasForgottenIsNotRememberedAfter() {
    long asked = cache.generation();
    cache.forget("somebody");
    cache.remember(request(ALICE, "a"), FOR_A_MINUTE, asked, 0);

    assertThat(cache.size()).isZero();
  }

  private void remember(Principal principal, String resource, long now) {
    cache.remember(request(principal, resource), FOR_A_MINUTE, cache.generation(), now);
  }

  private @Nullable Decision find(Principal principal, String resource, long now) {
    return cache.find(request(principal, resource), now);
  }

  private static AccessRequest request(Principal principal, String resource) {
    return new AccessRequest(principal, Action.CALL, resource, false);
  }
}
