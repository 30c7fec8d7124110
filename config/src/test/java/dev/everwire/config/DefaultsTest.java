package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.MemoryLimits;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.transport.TransportLimits;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds where nothing is said is what the server does by itself; nothing drifts. */
final class DefaultsTest {
  private static final Config CONFIG = Config.DEFAULT;

  @Test
  void sectionsAreTheServersOwnSettings() {
    assertThat(CONFIG.heartbeat().heartbeat()).isEqualTo(Heartbeat.DEFAULT);
    assertThat(CONFIG.lifetime().lifetime()).isEqualTo(Lifetime.UNLIMITED);
    assertThat(CONFIG.session().settings()).isEqualTo(ResumeSettings.DEFAULT);
    assertThat(CONFIG.drain().plan()).isEqualTo(DrainPlan.DEFAULT.within(Duration.ofSeconds(10)));
    assertThat(CONFIG.limits().connections().limits()).isEqualTo(ConnectionLimits.DEFAULT);
    assertThat(CONFIG.limits().inbound().rates()).isEqualTo(InboundRates.UNLIMITED);
    assertThat(CONFIG.limits().outbound().limits()).isEqualTo(OutboundLimits.DEFAULT);
    assertThat(CONFIG.limits().memory().limits()).isEqualTo(MemoryLimits.UNLIMITED);
    assertThat(CONFIG.limits().conversation().limits()).isEqualTo(SessionLimits.DEFAULT);
    assertThat(CONFIG.limits().transport().limits(CONFIG.limits().outbound()))
        .isEqualTo(TransportLimits.SERVER);
    assertThat(CONFIG.limits().broker().bounds()).isEqualTo(MemoryBroker.Bounds.DEFAULT);
    assertThat(CONFIG.compression().compression()).isEqualTo(Compression.DEFAULT);
    assertThat(CONFIG.with("topics", "[{pattern: x}]").topics().getFirst().rule())
        .usingRecursiveComparison()
        .isEqualTo(TopicRule.named("x"));
  }

  /** Those that are applied unchanged leave every field of a builder as it was. */
  @Test
  void aBuilderIsAsItWasButForWhatDevelopmentIs() throws Exception {
    Map<String, @Nullable Object> before = fields(Server.builder());
    try (Configured configured = Configured.of(CONFIG)) {
      Map<String, @Nullable Object> after = fields(configured.applyTo(Server.builder()));
      List<String> changed = new ArrayList<>();
      before.forEach((name, value) -> {
        if (!same(value, after.get(name))) {
          changed.add(name);
        }
      });
      assertThat(changed)
          .containsExactlyInAnyOrder(
              "listener", // its own, see below
              "drain", // 10 s in all
              "broker", // one with the bounds above
              "resume", // keys and a memory of used tokens, which can be changed live
              "outbound", // said instead of left to transportLimits: the same
              "administrators", // open on this machine
              "rules", // all topics
              "loopbackNamesOnly", // on this machine
              "methods",
              "utilities",
              "watchdog",
              "random",
              "nodeName"); // another in each builder
      assertThat(after.get("outbound")).isEqualTo(OutboundLimits.DEFAULT);
      assertThat(after.get("authentication")).isEqualTo(Authentication.NONE);
    }
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return Objects.equals(one, other)
        || (one != null && other != null && lambda(one) && lambda(other));
  }

  private static boolean lambda(Object value) {
    return value.getClass().isHidden();
  }

  private static Map<String, @Nullable Object> fields(ServerBuilder builder) throws Exception {
    Map<String, @Nullable Object> fields = new TreeMap<>();
    for (Class<?> type = builder.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          fields.put(field.getName(), field.get(builder));
        }
      }
    }
    return fields;
  }

  @Test
  void aListenerIsAsItWas() throws Exception {
    Object own = options(NettyListener.on("127.0.0.1", 8080));
    Object configured = options(Reach.listener(CONFIG));
    for (Field field : own.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      assertThat(String.valueOf(field.get(configured)).replaceAll("@[0-9a-f]+", ""))
          .as(field.getName())
          .isEqualTo(String.valueOf(field.get(own)).replaceAll("@[0-9a-f]+", ""));
    }
  }

  private static Object options(NettyListener listener) throws Exception {
    Field options = NettyListener.class.getDeclaredField("options");
    options.setAccessible(true);
    return options.get(listener);
  }

  @Test
  void tlsIsAsItWas() throws Exception {
    Config config = CONFIG.with("tls.certificate", "chain.pem").with("tls.key", "key.pem");
    assertThat(Reach.tls(config.tls()))
        .usingRecursiveComparison()
        .comparingOnlyFields("wanted", "authorities", "checkEvery", "warnBefore")
        .isEqualTo(ServerTls.pem(Path.of("chain.pem"), Path.of("key.pem")));
  }
}
