package dev.everwire.it.docs;

import dev.everwire.Everwire;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.connection.AttributeKey;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.server.live.Live;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.server.raw.RawPing;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.Overflow;
import dev.everwire.session.Peer;
import dev.everwire.session.SendOptions;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.NonceStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What docs/server.md shows. */
final class ServerExamples {
  private ServerExamples() {}

  // docs:identity
  static final AttributeKey<String> LOCALE = AttributeKey.of("locale", String.class);

  static ServerBuilder known(ConnectionHooks hooks) {
    return Everwire.server(0)
        .identify(handshake -> Optional.ofNullable(handshake.bearerTokenOrQuery("user")))
        .connectionLimits(
            ConnectionLimits.DEFAULT.withPerNode(20_000).withPerAddress(100).withPerUser(10))
        .connectionHooks(hooks);
  }

  static Offer greet(Server server, String connectionId) {
    server.registry().connection(connectionId).ifPresent(ServerExamples::french);
    return server.registry().send(connectionId, Payload.notification("hello", Map.of("n", 1)));
  }

  private static void french(ServerConnection connection) {
    connection.attributes().set(LOCALE, "fr");
    connection.tag("beta");
  }

  static Report alert(Server server, String butNot) {
    return server
        .registry()
        .send(Targets.tags("beta").except(butNot), Payload.notification("alert", Map.of()));
  }

  // docs:end

  // docs:resume
  static ServerBuilder resuming(ResumeKeys keys) {
    NonceStore nonces = new MemoryNonceStore(); // or one that all nodes share
    return Everwire.server(0)
        .resume(
            ResumeSettings.DEFAULT
                .within(Duration.ofMinutes(5))
                .tokenLife(Duration.ofHours(2))
                .keys(keys)
                .nonces(nonces));
  }

  static void rotate(ResumeKeys keys, byte[] next, byte[] former) { // while it runs
    keys.replace(ResumeKey.of("2026-12", next), ResumeKey.of("2026-11", former));
  }

  static void tell(Server server, String sessionId) { // also while the client is away
    server.inbox(sessionId).ifPresent(inbox -> inbox.send("invoice.ready", Map.of("id", 7)));
  }

  // docs:end

  // docs:life
  static ServerBuilder lively() {
    return Everwire.server(0)
        .heartbeat(Heartbeat.CONSERVATIVE.mode(Heartbeat.Mode.BOTH))
        .lifetime(Lifetime.TWO_IDLE_MINUTES.maxAge(Duration.ofHours(6)).spread(0.2));
  }

  // docs:end

  // docs:raw
  static ServerBuilder feeding(Function<Transport, Receiver> feed) {
    RawEndpoint endpoint =
        RawEndpoint.of(TransportLimits.SERVER)
            .heartbeat(Heartbeat.CONSERVATIVE, RawPing.JSON)
            .lifetime(Lifetime.TWO_IDLE_MINUTES);
    return Everwire.server(0).raw("/feed", endpoint, feed);
  }

  // docs:end

  // docs:rates
  static ServerBuilder paced() {
    return Everwire.server(0)
        .inboundRates(
            InboundRates.TWENTY_A_SECOND // 20 a second and 100 at once on each connection
                .user(Bounds.messages(50, 200))
                .address(Bounds.messages(200, 1_000).bytes(1_000_000, 4_000_000)));
  }

  // docs:end

  // docs:send
  static ServerBuilder pressed() {
    return Everwire.server(0)
        .topic(TopicRule.named("alarms/*").keepLast(100).priority(Priority.CRITICAL))
        .outboundLimits(OutboundLimits.DEFAULT.withOverflow(Overflow.DROP_OLDEST));
  }

  static Offer quote(Peer peer, Map<String, Object> quote) {
    return peer.notify("price", quote, SendOptions.of(Priority.HIGH).within(Duration.ofSeconds(2)));
  }

  // docs:end

  // docs:drain
  static ServerBuilder replaceable(URI other) {
    return Everwire.server(0)
        .drain(DrainPlan.DEFAULT.within(Duration.ofSeconds(20)).reason("deploy").to(other));
  }

  static DrainReport replace(Server server) {
    CompletableFuture<DrainReport> report = server.drain(); // without waiting
    server.close(); // waits, then ends everything
    return report.join();
  }

  // docs:end

  // docs:live
  static void tighten(Server server) {
    Live live = server.live();
    live.origins(List.of("https://app.example.com"));
    live.connectionLimits(live.connectionLimits().withPerAddress(20).withRatePerNode(500, 1_000));
    live.inboundRates(InboundRates.TWENTY_A_SECOND);
    live.drain(DrainPlan.DEFAULT.within(Duration.ofSeconds(20)).reason("deploy"));
  }
  // docs:end
}
