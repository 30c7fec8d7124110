package dev.everwire.client;

import dev.everwire.client.Links.Link;
import dev.everwire.client.internal.keep.Line;
import dev.everwire.client.internal.keep.Terms;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.wire.Alert;
import dev.everwire.protocol.wire.Auth;
import dev.everwire.protocol.wire.AuthExpiring;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC connections, with hello unless the server is a plain peer. What is said on them is the
 * {@link Conversation}'s. Event loop only.
 */
final class EverwireLine implements Line {
  private static final Map<String, String> COMES_BACK = Map.of("everwire-resume", "1");
  private static final Logger LOG = System.getLogger(EverwireLine.class.getName());

  /** A server lets a connection whose session has moved go after this time at the latest. */
  private static final Duration REPLACED_WITHIN = Duration.ofSeconds(15);

  private final ClientOptions options;
  private final Terms terms;
  private final Loop loop;
  private final Conversation conversation;
  private final Listener listener;
  private final ConnectionSettings settings;
  private final Greeting greeting;
  private final Route goawayRoute = new Route.Inline(this::goaway);
  private final Route expiringRoute = new Route.Inline(this::expiring);
  private final Route alertRoute = new Route.Inline(this::alert);
  private final JsonWriter scratch = new JsonWriter();
  private final Links links;
  private final Remembered remembered = new Remembered();
  private @Nullable Dial dial;
  private @Nullable String token; // of the dial under way
  private boolean moving; // the successor has asked for the session
  private long movingUntil; // when it did not take the place: so long it may have the session
  private boolean ended; // nothing follows
  private long epochs;

  EverwireLine(ClientOptions options, Conversation conversation, Listener listener) {
    this.options = options;
    this.terms = options.terms();
    this.loop = terms.dialer().loop();
    this.conversation = conversation;
    this.listener = listener;
    this.links = new Links(loop);
    this.greeting = new Greeting(options, listener::happened, listener::expiring);
    this.settings =
        ConnectionSettings.of(
                terms.settings().limits(),
                terms.settings().heartbeat(),
                options.values(),
                terms.workers(),
                terms.random(),
                options.serving().watchdog())
            .disclosing(options.serving().disclosure())
            .cancellingPlain(options.cancelPlain())
            .raising(options.serving().errors())
            .observing(terms.observer());
  }

  // ---- what the keeper wants

  @Override
  public void dial(URI endpoint, @Nullable String withToken) {
    Dial next = new Dial(endpoint);
    dial = next;
    token = withToken;
    try {
      next.attempt = terms.dialer().dial(request(endpoint, withToken), loop, next);
    } catch (IllegalStateException e) {
      listener.happened(new Input.Close("the dialer is closed"));
    }
  }

  /** Who comes back says so, and may find room where others do not. */
  private Dialer.Request request(URI endpoint, @Nullable String withToken) {
    return remembered.holds()
        ? terms.request(endpoint, withToken, COMES_BACK)
        : terms.request(endpoint, withToken);
  }

  @Override
  public void cancelDial() {
    Dial last = dial;
    dial = null;
    if (last != null && last.attempt != null) {
      last.attempt.cancel();
    }
    Link opened = links.newest();
    if (opened != null && !opened.announced) { // it opened this very moment
      links.drop(opened, CloseCode.NORMAL, "closed");
    }
    stayed();
  }

  @Override
  public void greet() {
    Link opened = links.newest();
    if (opened != null) {
      String said = terms.tokenPlace() == TokenPlace.MESSAGE ? token : null;
      Hello.Resume resume = remembered.resume(conversation.calls().unanswered());
      opened.unsure = resume != null;
      if (resume != null && opened != links.present()) {
        // What was sent on the present one from now on could get lost.
        moving = true;
        movingUntil = Long.MAX_VALUE;
        conversation.calls().hold(true);
      }
      greeting.greet(opened.connection, said, resume, answer -> current(opened, answer));
    }
  }

  /** Whether an answer on this connection still counts; then its session is remembered. */
  private boolean current(Link greeted, @Nullable Welcome answer) {
    boolean counts = links.counts(greeted);
    greeted.unsure &= answer == null;
    if (counts && answer != null) {
      greeted.session = answer.session();
      greeted.answer = remembered.welcomed(answer, greeted.connection);
    }
    return counts;
  }

  /** No successor takes the place of the present connection. */
  private void stayed() {
    if (moving && movingUntil == Long.MAX_VALUE) {
      movingUntil = loop.now() + REPLACED_WITHIN.toNanos();
    }
    conversation.calls().hold(false);
  }

  @Override
  public void hangup(CloseCode code, String reason) {
    links.dropBoth(code, reason);
    if (ended) {
      links.leaveAll(code, reason);
    }
  }

  @Override
  public void dropSuccessor(CloseCode code, String reason) {
    links.dropSuccessor(code, reason);
    stayed();
  }

  @Override
  public void handOver(Duration closeIn) {
    links.handOver(closeIn);
  }

  @Override
  public void online() {
    Link now = links.present();
    if (now != null) {
      moving = false;
      conversation.online(now.connection, now.session, now.answer);
    }
  }

  @Override
  public void offline() {
    conversation.offline();
  }

  @Override
  public void end(End end) {
    ended = true;
    remembered.forget();
    conversation.end(end);
  }

  @Override
  public void renew(String fresh, Consumer<Renewed> outcome) {
    Link now = links.present();
    if (now == null || now.session == null) {
      outcome.accept(new Renewed.Unknown());
      return;
    }
    CallOptions patient = CallOptions.within(terms.settings().authTimeout());
    now.connection.call(
        OutboundCall.of(
            Names.AUTH,
            new Auth(fresh).write(),
            patient,
            answer -> outcome.accept(Greeting.renewed(answer))));
  }

  @Override
  public boolean released() {
    return links.none();
  }

  // ---- what connections bring

  private @Nullable Route route(String method) {
    return switch (method) {
      case Names.GOAWAY -> goawayRoute;
      case Names.AUTH_EXPIRING -> expiringRoute;
      case Names.ALERT -> alertRoute;
      default -> conversation.route(method);
    };
  }

  private void goaway(Connection from, InboundCall call) {
    receive(
        from,
        call,
        () -> {
          Goaway told = Goaway.read(call.params());
          listener.goaway(
              new Line.Departure(
                  told.reason(), told.in(), told.closeIn(), told.url(), told.retryAfter()));
        });
  }

  private void expiring(Connection from, InboundCall call) {
    receive(from, call, () -> listener.expiring(AuthExpiring.read(call.params()).in()));
  }

  private void alert(Connection from, InboundCall call) {
    receive(from, call, () -> listener.alert(Alert.read(call.params())));
  }

  /** What a former connection says, or one that is not welcome yet, is nothing to us. */
  private void receive(Connection from, InboundCall call, Runnable body) {
    Link now = links.present();
    if (!call.notification()) {
      call.refuse(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: expected no id"));
    } else if (now != null && now.connection == from) {
      try {
        body.run();
      } catch (JsonException e) {
        LOG.log(Level.WARNING, call.method() + " not understood: " + e.getMessage());
      }
    }
  }

  private void gone(Connection connection, int code, String reason) {
    Link gone = links.find(connection);
    if (gone == null) {
      return;
    }
    announce(gone); // it can be over before that
    Links.Place place = links.ended(gone);
    if (gone.announced) {
      listener.gone(gone.epoch, code, reason);
    }
    switch (place) {
      case PRESENT -> listener.happened(new Input.Lost(movedIfOurs(code), reason));
      case SUCCESSOR -> {
        stayed();
        listener.happened(new Input.SuccessorLost(code, reason));
      }
      case LET_GO -> listener.released();
      case UNKNOWN -> {}
    }
  }

  /** The server has put a successor of ours in its place, though we know nothing of that yet. */
  private int movedIfOurs(int code) {
    boolean ours = moving && (movingUntil == Long.MAX_VALUE || loop.now() - movingUntil < 0);
    return ours && code == CloseCode.REPLACED.value() ? CloseCode.MOVED.value() : code;
  }

  private void announce(Link opened) {
    if (!opened.announced && links.counts(opened)) {
      opened.announced = true;
      listener.opened(opened.epoch, opened.endpoint);
      listener.happened(new Input.Opened());
    }
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

  /** One dial, whose results count only while it is the last. */
  private final class Dial implements Dialer.Result {
    private final URI endpoint;
    Dialer.@Nullable Attempt attempt;

    Dial(URI endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      epochs++;
      Connection connection =
          new Connection(
              "c" + epochs,
              transport,
              Role.CLIENT,
              settings,
              EverwireLine.this::route,
              scratch,
              EverwireLine.this::gone);
      speakOn(connection);
      Link opened = new Link(epochs, endpoint, transport, connection);
      if (dial == this) {
        dial = null;
        links.opened(opened);
        loop.execute(() -> announce(opened)); // later: the transport does not know us yet
      } else {
        links.unwanted(opened);
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
