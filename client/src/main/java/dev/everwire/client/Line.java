package dev.everwire.client;

import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.internal.lifecycle.Lifecycle;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.PeerProfile;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Router;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection a client has at the moment, if any: dials it, says hello on it, lets go of it.
 * Tells what comes of that as {@link Input}s, always of the present connection only. Event loop
 * only.
 */
final class Line {

  /** Is told what happens. */
  interface Listener {
    void happened(Input input);

    /** A connection that was let go is gone. */
    void released();
  }

  /** The peer's Close frame is waited for so long after ours. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private static final Duration LONGEST_HEARTBEAT = Duration.ofDays(1);
  private static final List<String> CAPS =
      List.of(PeerProfile.BATCH, PeerProfile.META, PeerProfile.STREAM, PeerProfile.SERVER_CALLS);

  private final ClientOptions options;
  private final Loop loop;
  private final Router router;
  private final Listener listener;
  private final ConnectionSettings settings;
  private final JsonWriter scratch = new JsonWriter();
  private final Set<Link> leaving = new HashSet<>(); // let go, not yet gone
  private @Nullable Dial dial;
  private @Nullable Link link;
  private @Nullable String sessionId;
  private long connections;

  Line(ClientOptions options, Loop loop, Router router, Listener listener) {
    this.options = options;
    this.loop = loop;
    this.router = router;
    this.listener = listener;
    this.settings =
        ConnectionSettings.of(
                options.limits(),
                options.heartbeat(),
                options.values(),
                options.workers(),
                options.random(),
                options.serving().watchdog())
            .disclosing(options.serving().disclosure())
            .cancellingPlain(options.cancelPlain())
            .raising(options.serving().errors());
  }

  @Nullable Connection connection() {
    return link == null ? null : link.connection;
  }

  /** Of the present connection, once hello was answered. */
  @Nullable String sessionId() {
    return sessionId;
  }

  /** Whether nothing is left of former connections. */
  boolean released() {
    return leaving.isEmpty();
  }

  void dial() {
    Dial next = new Dial();
    dial = next;
    Dialer.Request request =
        new Dialer.Request(
            options.uri(),
            options.headers(),
            options.speech().subprotocols(),
            options.dialTimeout(),
            options.transportLimits());
    try {
      next.attempt = options.dialer().dial(request, loop, next);
    } catch (IllegalStateException e) {
      listener.happened(new Input.Close("the dialer is closed"));
    }
  }

  void cancelDial() {
    Dial last = dial;
    dial = null;
    if (last != null && last.attempt != null) {
      last.attempt.cancel();
    }
    hangup(CloseCode.NORMAL, "closed"); // it may have opened this very moment
  }

  void greet() {
    Link now = link;
    if (now != null) {
      Map<String, Long> limits =
          Map.of("frame", (long) options.transportLimits().maxMessageBytes());
      RawJson hello = new Hello(1, options.name(), options.version(), CAPS, null, limits).write();
      // The lifecycle gives up first.
      CallOptions patient = CallOptions.within(Lifecycle.HELLO_WITHIN.multipliedBy(2));
      now.connection.hello(hello, patient, outcome -> greeted(now, outcome));
    }
  }

  void hangup(CloseCode code, String reason) {
    Link last = link;
    link = null;
    sessionId = null;
    if (last != null) {
      leaving.add(last);
      last.connection.close(code, reason);
      loop.schedule(
          FAREWELL.toNanos(),
          () -> {
            if (leaving.contains(last)) {
              last.transport.abort();
            }
          });
    }
  }

  private void greeted(Link greeted, CallOutcome outcome) {
    if (greeted != link) {
      return;
    }
    switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> welcome(greeted, result);
      case CallOutcome.Refused(Fault fault) ->
          listener.happened(
              fault.code() == FaultCode.METHOD_NOT_FOUND
                  ? new Input.NoHello()
                  : new Input.Unwelcome(fault.code(), fault.message(), Topics.retryAfter(fault)));
      case CallOutcome.Expired expired -> {} // the lifecycle's own timer came first
      case CallOutcome.Cancelled cancelled -> {}
      case CallOutcome.Lost lost -> {} // follows as the end of the connection
    }
  }

  private void welcome(Link greeted, RawJson result) {
    Welcome welcome;
    try {
      welcome = Welcome.read(result);
    } catch (JsonException e) {
      String what = "answer not understood: " + e.getMessage();
      listener.happened(new Input.Unwelcome(FaultCode.INTERNAL, what, null));
      return;
    }
    Heartbeat heartbeat =
        new Heartbeat(millis(welcome.heartbeatIntervalMs()), millis(welcome.heartbeatTimeoutMs()));
    greeted.connection.establish(
        welcome.session(), heartbeat, PeerProfile.of(welcome.caps(), welcome.limits()));
    sessionId = welcome.session();
    listener.happened(new Input.Welcomed(welcome.resumed()));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(Math.min(millis, LONGEST_HEARTBEAT.toMillis()));
  }

  private void speakOn(Connection connection) {
    ClientOptions.Speech speech = options.speech();
    if (speech.dialect() != Dialect.JSON_RPC) {
      connection.speak(speech.dialect());
    }
    if (speech.binary()) {
      connection.speakBinary();
    }
  }

  private void gone(Connection connection, int code, String reason) {
    if (leaving.removeIf(left -> left.connection == connection)) {
      listener.released();
    }
    Link now = link;
    if (now != null && now.connection == connection) {
      announce(now); // it can be over before that
      link = null;
      sessionId = null;
      listener.happened(new Input.Lost(code, reason));
    }
  }

  private void announce(Link opened) {
    if (opened == link && !opened.announced) {
      opened.announced = true;
      listener.happened(new Input.Opened());
    }
  }

  /** One connection and its bytes. */
  private static final class Link {
    final Transport transport;
    final Connection connection;
    boolean announced;

    Link(Transport transport, Connection connection) {
      this.transport = transport;
      this.connection = connection;
    }
  }

  /** One dial, whose results count only while it is the last. */
  private final class Dial implements Dialer.Result {
    Dialer.@Nullable Attempt attempt;

    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      connections++;
      Connection connection =
          new Connection(
              "c" + connections,
              transport,
              Role.CLIENT,
              settings,
              router,
              scratch,
              Line.this::gone);
      speakOn(connection);
      Link opened = new Link(transport, connection);
      if (dial == this) {
        dial = null;
        link = opened;
        loop.execute(() -> announce(opened)); // later: the transport does not know us yet
      } else {
        leaving.add(opened);
        loop.execute(transport::abort);
      }
      return connection;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      if (dial == this) {
        dial = null;
        listener.happened(
            new Input.DialFailed(failure.status(), failure.message(), failure.retryAfter()));
      }
    }
  }
}
