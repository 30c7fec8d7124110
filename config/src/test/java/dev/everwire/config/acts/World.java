package dev.everwire.config.acts;

import dev.everwire.auth.SigningAlgorithm;
import dev.everwire.auth.TokenClaims;
import dev.everwire.auth.TokenIssuer;
import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.config.section.LogOptions;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.session.Execution;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A server as it is configured, in a network and a time of its own that the test moves. */
final class World implements AutoCloseable {
  static final String SECRET =
      "nobody knows it, and it is long enough: 64 bytes, which are 512 bits";
  static final String KEYS = "[{secret: '" + SECRET + "', algorithms: [hs256]}]";

  final MemoryNetwork network = new MemoryNetwork();
  final Configured configured;
  final Server server;
  final List<LogOptions.Level> levels = new ArrayList<>();
  final List<String> told = new ArrayList<>(); // what notifications "note" said
  List<X509Certificate> shown = List.of(); // by whoever connects
  Runnable blocking = () -> {}; // what the method of that name does
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean holding;

  World(Config config) throws Exception {
    Duration behind = Duration.between(network.time().wallTime(), Instant.now());
    if (!behind.isNegative()) {
      network.time().advance(behind); // tokens are looked at with the machine's clock
    }
    configured = Configured.of(config).onLogLevel(levels::add);
    server =
        configured
            .applyTo(Server.builder().values(JacksonValues.create()))
            .listen(this::listen)
            .random(new Random(1))
            .workers(this::work)
            .method("add", call -> 5)
            .method("inline", call -> 5, Execution.NON_BLOCKING)
            .method(
                "blocking",
                call -> {
                  blocking.run();
                  return null;
                },
                Execution.NON_BLOCKING)
            .method("long", call -> "x".repeat(400_000))
            .method("note", call -> told.add("note"))
            .method(
                "fail",
                call -> {
                  throw new IllegalStateException("told on purpose");
                })
            .method("where", call -> call.caller().remoteAddress())
            .method(
                "who",
                call ->
                    call.caller().user().orElse("nobody")
                        + " "
                        + new TreeSet<>(call.caller().roles()))
            .start();
  }

  /** The listener of the network, where everybody shows {@link #shown}. */
  private Listener.Listening listen(Acceptor acceptor) throws IOException {
    Acceptor showing =
        new Acceptor() {
          @Override
          public Answer upgrade(Handshake handshake) {
            return acceptor.upgrade(
                new Handshake(
                    handshake.path(),
                    handshake.query(),
                    handshake.headers(),
                    handshake.subprotocols(),
                    handshake.remoteAddress(),
                    shown));
          }

          @Override
          public void http(HttpRequest request, Consumer<HttpReply> reply) {
            acceptor.http(request, reply);
          }
        };
    return network.listener("localhost", 1).listen(showing);
  }

  private void work(Runnable task) {
    if (holding) {
      held.add(task);
    } else {
      task.run();
    }
  }

  /** From now on methods are called only when {@link #letGo} says so. */
  void hold() {
    holding = true;
  }

  int held() {
    return held.size();
  }

  void letGo() {
    holding = false;
    while (!held.isEmpty()) {
      held.remove().run();
      network.runUntilIdle();
    }
  }

  Peer dial(String... headers) {
    return dialAt("/ws", headers);
  }

  Peer dialAt(String path, String... headers) {
    return headers.length == 0
        ? Peer.dial(network, "ws://localhost" + path, Map.of())
        : Peer.dial(network, "ws://localhost" + path, Map.of(headers[0], headers[1]));
  }

  /** Somebody with a token, who is in, or not. */
  Peer bearing(String token) {
    Peer peer = dial("authorization", "Bearer " + token);
    network.runUntil(peer::settled, Duration.ofSeconds(20));
    return peer;
  }

  /** Somebody with a good token, where {@link #KEYS} are. */
  Peer user(String name, String... roles) {
    return bearing(token(claims(name).roles(List.of(roles))));
  }

  TokenClaims.Builder claims(String user) {
    return TokenClaims.of(user).issuer("test").expiresAt(in(Duration.ofDays(3_650)));
  }

  static String token(TokenClaims.Builder claims) {
    return TokenIssuer.secret(SECRET, SigningAlgorithm.HS256).issue(claims.build());
  }

  Instant in(Duration time) {
    return network.time().wallTime().plus(time);
  }

  void advance(long seconds) {
    network.advance(Duration.ofSeconds(seconds));
  }

  /** After how many steps it is closed, at most so many. */
  int stepsUntilClosed(Peer peer, Duration step, int most) {
    int steps = 0;
    while (peer.open() && steps < most) {
      network.advance(step);
      steps++;
    }
    return steps;
  }

  @Override
  public void close() {
    letGo();
    var drained = server.drain(server.live().drain().within(Duration.ZERO));
    network.advance(Duration.ofSeconds(40));
    drained.join();
    var driving = network.drive();
    server.close();
    driving.close();
    configured.close();
  }
}
