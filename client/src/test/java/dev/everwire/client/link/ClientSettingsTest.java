package dev.everwire.client.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TOO_LONG = Duration.ofDays(1).plusNanos(1);

  /** Each setting with a value that is none of the defaults. */
  static Stream<Arguments> settings() {
    ReconnectPolicy policy = ReconnectPolicy.never();
    Heartbeat heartbeat = new Heartbeat(SECOND, SECOND, 7);
    SessionLimits limits = new SessionLimits(9, 9, 9, 9, 9, 9, SECOND);
    TransportLimits transport = TransportLimits.SERVER;
    return Stream.of(
        setting("reconnect", b -> b.reconnect(policy), ClientSettings::reconnect, policy),
        setting("stableAfter", b -> b.stableAfter(SECOND), ClientSettings::stableAfter, SECOND),
        setting("dialTimeout", b -> b.dialTimeout(SECOND), ClientSettings::dialTimeout, SECOND),
        setting("authTimeout", b -> b.authTimeout(SECOND), ClientSettings::authTimeout, SECOND),
        setting("authRetries", b -> b.authRetries(0), ClientSettings::authRetries, 0),
        setting("heartbeat", b -> b.heartbeat(heartbeat), ClientSettings::heartbeat, heartbeat),
        setting(
            "requestTimeout",
            b -> b.requestTimeout(SECOND),
            ClientSettings::requestTimeout,
            SECOND),
        setting(
            "confirmWithin", b -> b.confirmWithin(SECOND), ClientSettings::confirmWithin, SECOND),
        setting("restoreBatch", b -> b.restoreBatch(7), ClientSettings::restoreBatch, 7),
        setting(
            "whileAway",
            b -> b.whileAway(WhileAway.FAIL_FAST),
            ClientSettings::whileAway,
            WhileAway.FAIL_FAST),
        setting(
            "subscriptionBuffer, events",
            b -> b.subscriptionBuffer(7, 8),
            ClientSettings::subscriptionEvents,
            7),
        setting(
            "subscriptionBuffer, bytes",
            b -> b.subscriptionBuffer(7, 8),
            ClientSettings::subscriptionBytes,
            8L),
        setting("eventBuffer", b -> b.eventBuffer(7), ClientSettings::eventBuffer, 7),
        setting("limits", b -> b.limits(limits), ClientSettings::limits, limits),
        setting(
            "transportLimits",
            b -> b.transportLimits(transport),
            ClientSettings::transportLimits,
            transport));
  }

  private static <T> Arguments setting(
      String name, Consumer<ClientSettings.Builder> set, Function<ClientSettings, T> get, T value) {
    return Arguments.of(name, set, get, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void eachSettingIsKeptAlsoWhenOthersAreChangedAfterwards(
      String name,
      Consumer<ClientSettings.Builder> set,
      Function<ClientSettings, Object> get,
      Object value) {
    ClientSettings.Builder builder = ClientSettings.builder();
    set.accept(builder);
    ClientSettings made = builder.build();

    assertThat(get.apply(made)).isEqualTo(value);
    assertThat(get.apply(made.toBuilder().build())).isEqualTo(value);
    assertThat(get.apply(ClientSettings.DEFAULT)).isNotSameAs(value);
    set.accept(ClientSettings.DEFAULT.toBuilder());
    assertThat(get.apply(ClientSettings.DEFAULT)).isNotSameAs(value);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
            List.of("stableAfter", duration((b, d) -> b.stableAfter(d))),
            List.of("dialTimeout", duration((b, d) -> b.dialTimeout(d))),
            List.of("authTimeout", duration((b, d) -> b.authTimeout(d))),
            List.of("requestTimeout", duration((b, d) -> b.requestTimeout(d))),
            List.of("confirmWithin", duration((b, d) -> b.confirmWithin(d))))
        .map(pair -> Arguments.of(pair.get(0), pair.get(1)));
  }

  private interface Setting {
    void set(ClientSettings.Builder builder, Duration value);
  }

  private static Consumer<Duration> duration(Setting setting) {
    return value -> setting.set(ClientSettings.builder(), value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aTimeIsMoreThanNothingAndADayAtMost(String name, Consumer<Duration> set) {
    for (Duration bad : List.of(Duration.ZERO, SECOND.negated(), TOO_LONG)) {
      assertThatThrownBy(() -> set.accept(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(name + ": " + bad + " (expected: > 0, at most a day)");
    }
    set.accept(Duration.ofNanos(1));
    set.accept(Duration.ofDays(1));
  }

  @Test
  void aNumberOutOfItsBoundsIsRefusedWithNameValueAndBounds() {
    ClientSettings.Builder builder = ClientSettings.builder();

    assertThatThrownBy(() -> builder.authRetries(-1))
        .hasMessage("authRetries: -1 (expected: 0-100)");
    assertThatThrownBy(() -> builder.authRetries(101))
        .hasMessage("authRetries: 101 (expected: 0-100)");
    assertThatThrownBy(() -> builder.restoreBatch(0))
        .hasMessage("restoreBatch: 0 (expected: 1-1000)");
    assertThatThrownBy(() -> builder.restoreBatch(1_001))
        .hasMessage("restoreBatch: 1001 (expected: 1-1000)");
    assertThatThrownBy(() -> builder.eventBuffer(0))
        .hasMessage("eventBuffer: 0 (expected: 1-1000000)");
    assertThatThrownBy(() -> builder.subscriptionBuffer(0, 1))
        .hasMessage("events: 0 (expected: 1-2147483647)");
    assertThatThrownBy(() -> builder.subscriptionBuffer(1, 0))
        .hasMessage("bytes: 0 (expected: >= 1)");
  }

  @Test
  void theCompatiblePresetIsWhatOthersHave() {
    ClientSettings preset = ClientSettings.compatible();
    SplittableRandom random = new SplittableRandom(7);

    for (int failures = 1; failures <= 10; failures++) {
      Duration most = Duration.ofSeconds(Math.min(60, 1L << (failures - 1)));
      Optional<Duration> delay = preset.reconnect().delay(failures, random);
      assertThat(delay.orElseThrow()).isBetween(most.multipliedBy(9).dividedBy(10), most);
    }
    assertThat(preset.heartbeat())
        .isEqualTo(new Heartbeat(Duration.ofSeconds(30), Duration.ofSeconds(10), 3));
    assertThat(preset.dialTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(preset.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(preset.transportLimits().maxMessageBytes()).isEqualTo(16 * 1024 * 1024);
    assertThat(preset.whileAway().messages()).isEqualTo(64);
    assertThat(preset.subscriptionEvents()).isEqualTo(256);
    assertThat(preset.eventBuffer()).isEqualTo(256);
  }

  @Test
  void everyPresetIsMadeOfValuesThatAreAllowed() {
    assertThat(ClientSettings.aggressive().dialTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(ClientSettings.conservative().heartbeat().misses()).isEqualTo(3);
    assertThat(ClientSettings.testing().stableAfter()).isEqualTo(SECOND);
    assertThat(ClientSettings.DEFAULT.stableAfter()).isEqualTo(Duration.ofSeconds(30));
  }
}
