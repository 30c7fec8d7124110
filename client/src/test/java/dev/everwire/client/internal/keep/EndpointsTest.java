package dev.everwire.client.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = Long.MAX_VALUE - SECOND; // a clock that runs over does no harm
  private static final URI A = URI.create("wss://a/ws");
  private static final URI B = URI.create("wss://b/ws");
  private static final URI C = URI.create("wss://c/ws");

  private final Endpoints endpoints = new Endpoints(List.of(A, B));

  @Test
  void theFirstIsPreferredAndTheNextTakesItsPlaceWhileItRests() {
    assertThat(endpoints.next(NOW)).isEqualTo(A);
    endpoints.failed(A, NOW, null);
    assertThat(endpoints.next(NOW)).isEqualTo(B);
    assertThat(endpoints.next(NOW + SECOND - 1)).isEqualTo(B);
    assertThat(endpoints.next(NOW + SECOND)).isEqualTo(A);
  }

  @Test
  void whoFailsAgainAndAgainRestsLongerUpToAMinute() {
    long[] rests = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    for (long rest : rests) {
      endpoints.failed(A, NOW, null);
      assertThat(endpoints.next(NOW + rest * SECOND - 1)).isEqualTo(B);
      assertThat(endpoints.next(NOW + rest * SECOND)).isEqualTo(A);
    }
  }

  @Test
  void whoWorkedHasACleanRecord() {
    endpoints.failed(A, NOW, null);
    endpoints.failed(A, NOW, Duration.ofHours(1));
    endpoints.worked(A);
    assertThat(endpoints.next(NOW)).isEqualTo(A);
    assertThat(endpoints.shut(NOW)).isNull();
  }

  @Test
  void ifAllRestTheOneThatHasRestedSoonestIsDialled() {
    endpoints.failed(A, NOW, null);
    endpoints.failed(A, NOW, null);
    endpoints.failed(B, NOW, null);
    assertThat(endpoints.next(NOW)).isEqualTo(B);
  }

  @Test
  void whatAServerAsksForHoldsForItsEndpointOnly() {
    endpoints.failed(A, NOW, Duration.ofSeconds(30));
    endpoints.failed(B, NOW, null);
    endpoints.failed(B, NOW, null);
    endpoints.failed(B, NOW, null);

    assertThat(endpoints.shut(NOW)).isNull();
    assertThat(endpoints.next(NOW)).isEqualTo(B); // rests, but is not shut
    endpoints.failed(B, NOW, Duration.ofSeconds(20));
    assertThat(endpoints.shut(NOW)).isEqualTo(Duration.ofSeconds(20));
    assertThat(endpoints.next(NOW + 20 * SECOND)).isEqualTo(B);
    assertThat(endpoints.shut(NOW + 20 * SECOND)).isNull();
  }

  @Test
  void noServerShutsItselfForMoreThanADay() {
    endpoints.failed(A, NOW, Duration.ofDays(400));
    endpoints.failed(B, NOW, Duration.ofDays(400));
    assertThat(endpoints.shut(NOW)).isEqualTo(Duration.ofDays(1));
    endpoints.failed(B, NOW, Duration.ofSeconds(-7));
    assertThat(endpoints.shut(NOW)).isNull();
  }

  @Test
  void whoGoesAwayIsAvoidedIfThereIsAnother() {
    endpoints.avoid(A, NOW);
    assertThat(endpoints.next(NOW)).isEqualTo(B);
    Endpoints alone = new Endpoints(List.of(A));
    alone.avoid(A, NOW);
    assertThat(alone.next(NOW)).isEqualTo(A);
    assertThat(alone.shut(NOW)).isNull();
  }

  @Test
  void aRedirectHoldsForOneDial() {
    assertThat(endpoints.redirect(A, C)).isTrue();
    assertThat(endpoints.redirected()).isTrue();
    assertThat(endpoints.next(NOW)).isEqualTo(C);
    assertThat(endpoints.redirected()).isFalse();
    endpoints.failed(C, NOW, Duration.ofHours(1));
    assertThat(endpoints.next(NOW)).isEqualTo(A);
  }

  @Test
  void theNewestWordAboutARedirectCounts() {
    assertThat(endpoints.redirect(A, C)).isTrue();
    assertThat(endpoints.redirect(A, null)).isTrue();
    assertThat(endpoints.next(NOW)).isEqualTo(A);
    assertThat(endpoints.redirect(A, C)).isTrue();
    endpoints.forgetRedirect();
    assertThat(endpoints.next(NOW)).isEqualTo(A);
  }

  @ParameterizedTest
  @CsvSource({
    "wss://a/ws, wss://c/ws, true",
    "ws://a/ws, ws://c/ws, true",
    "ws://a/ws, wss://c/ws, true",
    "wss://a/ws, ws://c/ws, false",
    "wss://a/ws, https://c/ws, false",
    "wss://a/ws, WS://c/ws, false",
    "wss://a/ws, /ws, false",
    "wss://a/ws, mailto:x, false",
    "wss://a/ws, wss:///ws, false",
    "wss://a/ws, wss://u:p@c/ws, false",
    "wss://a/ws, wss://c/ws#x, false",
    "wss://a/ws, wss://c:65535/ws, true",
    "wss://a/ws, wss://c:65536/ws, false",
    "wss://a/ws, wss://c:0/ws, false"
  })
  void aRedirectIsFollowedToAPlaceThatIsNoLessSafe(URI from, URI to, boolean followed) {
    assertThat(endpoints.redirect(from, to)).isEqualTo(followed);
    assertThat(endpoints.next(NOW)).isEqualTo(followed ? to : A);
  }

  @Test
  void thereIsOneAtLeast() {
    assertThatThrownBy(() -> new Endpoints(List.of()))
        .hasMessage("endpoints: none (expected: at least 1)");
  }
}
