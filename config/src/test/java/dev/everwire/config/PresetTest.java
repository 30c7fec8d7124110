package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.config.section.HeartbeatOptions;
import dev.everwire.config.section.InboundOptions;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.session.Heartbeat;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class PresetTest {

  static Stream<Preset> presets() {
    return Preset.all().stream();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void saysOnTopOfItsBaseWhatItListsAndNothingElse(Preset preset) {
    Config base = Config.preset(preset.base());
    assertThat(ConfigDiff.between(base, preset.config()).changes())
        .extracting(Change::path)
        .filteredOn(path -> !path.equals("preset"))
        .isSubsetOf(preset.changes().keySet());
    preset
        .changes()
        .forEach((path, text) ->
            assertThat(preset.config()).as(path).isEqualTo(preset.config().with(path, text)));
    assertThat(preset.config().preset()).isEqualTo(preset.name());
  }

  @Test
  void theDevelopmentPresetIsTheDefault() {
    assertThat(Config.preset("development")).isEqualTo(Config.DEFAULT);
  }

  @Test
  void anUnknownOneNamesTheNearest() {
    assertThatThrownBy(() -> Config.preset("prodction"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("preset: \"prodction\" (did you mean \"production\"?)");
  }

  @ParameterizedTest
  @CsvSource({
    "production, auth.anonymous, false",
    "production, admin.open, false",
    "production, drain.within, 30s",
    "production, topics, []",
    "production, service.discovery, false",
    "production, listen.host, \"127.0.0.1\"",
    "testing, listen.port, 0",
    "testing, drain.within, 1s",
    "conservative, heartbeat.interval, 30s",
    "conservative, heartbeat.timeout, 1m",
    "aggressive, heartbeat.interval, 5s",
    "aggressive, heartbeat.timeout, 10s",
    "relaxed, heartbeat.interval, 1m",
    "relaxed, heartbeat.timeout, 2m",
    // what the predecessors did, number by number
    "compatible-json-rpc, limits.transport.maxMessageBytes, 10MiB",
    "compatible-json-rpc, limits.conversation.maxPendingCalls, 1000",
    "compatible-json-rpc, limits.outbound.maxMessages, 1000",
    "compatible-json-rpc, heartbeat.misses, 3",
    "compatible-json-rpc, heartbeat.mode, frame",
    "compatible-json-rpc, lifetime.maxAge, none",
    "compatible-json-rpc, lifetime.idle, none",
    "compatible-json-rpc, compression.enabled, true",
    "compatible-json-rpc, compression.threshold, 1KiB",
    "compatible-json-rpc, service.discloseErrors, false",
    "compatible-json-rpc, service.formerUtilities, true",
    "compatible-json-rpc-production, lifetime.maxAge, 1h",
    "compatible-json-rpc-production, lifetime.idle, 5m",
    "compatible-json-rpc-production, limits.conversation.maxPendingCalls, 500",
    "compatible-json-rpc-production, heartbeat.interval, 30s",
    "compatible-resilient-sender, limits.outbound.maxMessages, 1000",
    "compatible-resilient-sender, limits.outbound.overflow, dropOldest",
    "compatible-resilient-sender, session.resumeWithin, 5m",
    "compatible-resilient-sender, lifetime.idle, 2m",
    "compatible-resilient-sender, drain.within, 30s",
    "compatible-resilient-sender, drain.flushShare, 0.7",
    "compatible-resilient-sender, drain.flushWithin, 20s",
    "compatible-resilient-sender, limits.connections.perNode, 1000",
    "compatible-resilient-sender, limits.connections.perAddress, 10",
    "compatible-resilient-sender, limits.conversation.maxConcurrentCalls, 8",
    "compatible-resilient-sender, limits.transport.maxMessageBytes, 32MiB",
    "compatible-resilient-sender, limits.transport.closeTimeout, 1s",
    "compatible-resilient-sender, auth.within, 15s",
    "compatible-resilient-sender, session.resumeTokenLife, 1h",
    "compatible-rooms, limits.connections.perNode, 10000",
    "compatible-rooms, limits.inbound.connection.messagesPerSecond, 20",
    "compatible-rooms, limits.inbound.connection.messagesBurst, 100",
    "compatible-rooms, limits.outbound.degradedAbove, 0.7",
    "compatible-rooms, limits.transport.maxMessageBytes, 1MiB",
    "compatible-rooms, session.duplicateClient, rejectNew",
    "compatible-rooms, session.resumeWithin, 5m",
    "compatible-any-protocol-client, limits.transport.maxMessageBytes, 16MiB",
    "compatible-any-protocol-client, limits.conversation.maxPendingCalls, 1000",
    "compatible-any-protocol-client, heartbeat.mode, frame",
    "compatible-stabiliser, limits.transport.maxMessageBytes, 1MiB",
    "compatible-stabiliser, session.resumeTokenLife, 1h",
    "compatible-stabiliser, session.resume, true",
    "compatible-stabiliser, limits.connections.perNode, none",
    "compatible-stabiliser, limits.memory.maxBytes, none",
    "compatible-stabiliser, limits.memory.maxBytesPerConnection, none",
    "compatible-stabiliser, limits.memory.eviction, lru",
    "compatible-stabiliser, limits.memory.lookEvery, 1m",
    "compatible-stabiliser, drain.closesAtOnce, 100",
    "compatible-stabiliser, compression.enabled, true",
    "compatible-stabiliser, log.level, info",
  })
  void reproducesTheNumber(String preset, String path, String value) {
    assertThat(Config.preset(preset).text(path)).isEqualTo(value);
  }

  @Test
  void theHeartbeatsAreThoseThatHaveANameInTheServer() {
    assertThat(heartbeat("conservative")).isEqualTo(Heartbeat.CONSERVATIVE);
    assertThat(heartbeat("aggressive")).isEqualTo(Heartbeat.AGGRESSIVE);
    assertThat(heartbeat("relaxed")).isEqualTo(Heartbeat.RELAXED);
    assertThat(heartbeat("compatible-stabiliser")).isEqualTo(Heartbeat.CONSERVATIVE);
    assertThat(heartbeat("compatible-rooms")).isEqualTo(Heartbeat.NINETY_SECONDS);
    assertThat(heartbeat("compatible-any-protocol-client"))
        .isEqualTo(Heartbeat.PROMPT.mode(Heartbeat.Mode.FRAME));
    assertThat(heartbeat("compatible-json-rpc"))
        .isEqualTo(Heartbeat.halved(Duration.ofSeconds(30)).mode(Heartbeat.Mode.FRAME));
  }

  @Test
  void silenceEndsALinkWhenThePresetSays() {
    assertThat(deadAfter("conservative")).isEqualTo(Duration.ofSeconds(90));
    assertThat(deadAfter("aggressive")).isEqualTo(Duration.ofSeconds(15));
    assertThat(deadAfter("relaxed")).isEqualTo(Duration.ofMinutes(3));
    assertThat(deadAfter("compatible-rooms")).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void theRatesAndLanesAreThoseThatHaveANameInTheServer() {
    Config sender = Config.preset("compatible-resilient-sender");
    assertThat(sender.limits().inbound().rates()).isEqualTo(InboundRates.SHARED);
    Config rooms = Config.preset("compatible-rooms");
    assertThat(rooms.limits().inbound()).isEqualTo(InboundOptions.of(InboundRates.TWENTY_A_SECOND));
    assertThat(rooms.limits().outbound().limits().perLane())
        .isEqualTo(OutboundLimits.CLASSIC_LANES);
  }

  private static Heartbeat heartbeat(String preset) {
    return Config.preset(preset).heartbeat().heartbeat();
  }

  private static Duration deadAfter(String preset) {
    HeartbeatOptions heartbeat = Config.preset(preset).heartbeat();
    return heartbeat.deadAfter();
  }
}
