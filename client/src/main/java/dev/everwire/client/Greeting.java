package dev.everwire.client;

import dev.everwire.client.internal.keep.Line;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Auth;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says hello on a connection and makes of the answer what the client's life goes on with. */
final class Greeting {
  private static final Duration LONGEST_HEARTBEAT = Duration.ofDays(1);
  private static final List<String> CAPS =
      List.of(
          PeerProfile.BATCH,
          PeerProfile.META,
          PeerProfile.STREAM,
          PeerProfile.SERVER_CALLS,
          PeerProfile.ACK);

  private final ClientOptions options;
  private final Consumer<Input> happened;
  private final Consumer<Duration> expiring;

  Greeting(ClientOptions options, Consumer<Input> happened, Consumer<Duration> expiring) {
    this.options = options;
    this.happened = happened;
    this.expiring = expiring;
  }

  /**
   * @param token who we are, or null
   * @param resume the session to go on with, or null
   * @param current given what the server answers, or null; tells whether anybody still waits for
   *     this
   */
  void greet(
      Connection connection,
      @Nullable String token,
      Hello.@Nullable Resume resume,
      Predicate<@Nullable Welcome> current) {
    Map<String, Long> limits =
        Map.of("frame", (long) options.terms().settings().transportLimits().maxMessageBytes());
    RawJson hello =
        new Hello(
                1,
                options.name(),
                options.version(),
                CAPS,
                resume,
                limits,
                token,
                options.clientId())
            .write();
    // The lifecycle gives up first.
    Duration patience = options.terms().settings().authTimeout().multipliedBy(2);
    connection.hello(
        hello, CallOptions.within(patience), outcome -> greeted(connection, outcome, current));
  }

  private void greeted(
      Connection connection, CallOutcome outcome, Predicate<@Nullable Welcome> current) {
    switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> welcome(connection, result, current);
      case CallOutcome.Refused(Fault fault) -> {
        if (current.test(null)) {
          happened.accept(
              fault.code() == FaultCode.METHOD_NOT_FOUND
                  ? new Input.NoHello()
                  : new Input.Unwelcome(fault.code(), fault.message(), Topics.retryAfter(fault)));
        }
      }
      case CallOutcome.Expired expired -> {} // the lifecycle's own timer came first
      case CallOutcome.Cancelled cancelled -> {}
      case CallOutcome.Lost lost -> {} // follows as the end of the connection
    }
  }

  private void welcome(
      Connection connection, RawJson result, Predicate<@Nullable Welcome> current) {
    Welcome welcome;
    try {
      welcome = Welcome.read(result);
    } catch (JsonException e) {
      if (current.test(null)) {
        String what = "answer not understood: " + e.getMessage();
        happened.accept(new Input.Unwelcome(FaultCode.INTERNAL, what, null));
      }
      return;
    }
    if (!current.test(welcome)) {
      return;
    }
    Heartbeat heartbeat =
        options
            .terms()
            .settings()
            .heartbeat()
            .paced(millis(welcome.heartbeatIntervalMs()), millis(welcome.heartbeatTimeoutMs()));
    connection.establish(
        welcome.session(), heartbeat, PeerProfile.of(welcome.caps(), welcome.limits()));
    happened.accept(new Input.Welcomed(welcome.resumed()));
    if (welcome.authExpiresIn() > 0) {
      expiring.accept(Duration.ofSeconds(welcome.authExpiresIn()));
    }
  }

  /** What the answer to {@code rpc.auth} means. */
  static Line.Renewed renewed(CallOutcome outcome) {
    return switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> {
        try {
          long seconds = Auth.Accepted.read(result).expiresIn();
          yield new Line.Renewed.Accepted(seconds > 0 ? Duration.ofSeconds(seconds) : null);
        } catch (JsonException e) {
          yield new Line.Renewed.Refused("answer not understood: " + e.getMessage());
        }
      }
      case CallOutcome.Refused(Fault fault) ->
          fault.code() == FaultCode.METHOD_NOT_FOUND
              ? new Line.Renewed.Unknown()
              : new Line.Renewed.Refused(fault.message() + " (" + fault.code() + ")");
      case CallOutcome.Expired expired -> new Line.Renewed.Refused("not answered");
      case CallOutcome.Cancelled cancelled -> new Line.Renewed.Unknown();
      case CallOutcome.Lost lost -> new Line.Renewed.Unknown();
    };
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(Math.min(millis, LONGEST_HEARTBEAT.toMillis()));
  }
}
