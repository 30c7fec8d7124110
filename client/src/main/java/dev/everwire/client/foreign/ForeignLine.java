package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.keep.Line;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.lifecycle.Input;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a foreign service: opens them, says on each what the handler wants said first and
 * waits for its token to be taken. What is said after that is the {@link ForeignTalk}'s. Event loop
 * only.
 *
 * <p>Such a service has no way to announce that it goes, so a connection never has a successor
 * while it lives.
 */
final class ForeignLine implements Line, ForeignLink.Owner {
  private final ForeignOptions options;
  private final Loop loop;
  private final ForeignTalk talk;
  private final Listener listener;
  private final List<ForeignLink> leaving = new ArrayList<>(); // let go, not yet gone
  private @Nullable Dial dial;
  private @Nullable ForeignLink link; // the present one
  private @Nullable String token; // of the dial under way
  private boolean leftByUs; // the last one that was lost
  private boolean greeting; // the present one's token is not taken yet
  private long epochs;

  ForeignLine(ForeignOptions options, ForeignTalk talk, Listener listener) {
    this.options = options;
    this.loop = options.terms().dialer().loop();
    this.talk = talk;
    this.listener = listener;
  }

  // ---- what the keeper wants

  @Override
  public void dial(URI endpoint, @Nullable String withToken) {
    Dial next = new Dial(endpoint);
    dial = next;
    token = withToken;
    try {
      next.attempt =
          options.terms().dialer().dial(options.terms().request(endpoint, withToken), loop, next);
    } catch (IllegalStateException e) {
      listener.happened(new Input.Close("the dialer is closed"));
    }
  }

  @Override
  public void cancelDial() {
    Dial last = dial;
    dial = null;
    if (last != null && last.attempt != null) {
      last.attempt.cancel();
    }
    if (link != null && !link.announced) { // it opened this very moment
      drop(CloseCode.NORMAL, "closed");
    }
  }

  @Override
  public void greet() {
    ForeignLink now = link;
    if (now == null || now.over()) {
      return; // its end follows
    }
    ProtocolHandler handler = options.handler();
    List<ForeignMessage> hello =
        Guard.ask("onConnect", () -> List.copyOf(handler.onConnect()), List.of());
    for (ForeignMessage message : hello) {
      if (!said(now, message)) {
        return;
      }
    }
    if (!options.authenticates()) {
      listener.happened(new Input.Welcomed(false));
      return;
    }
    Optional<ForeignMessage> first =
        Guard.ask("authMessage", () -> handler.authMessage(token), Optional.empty());
    if (first.isPresent()) {
      greeting = said(now, first.get());
    } else {
      refused("the handler has no message for it");
    }
  }

  /** Without what has to be said first a connection is of no use: then it ends. */
  private static boolean said(ForeignLink to, ForeignMessage message) {
    boolean said = to.send(message) == Offer.QUEUED;
    if (!said) {
      to.close(CloseCode.NORMAL, "no room for what has to be said first");
    }
    return said;
  }

  @Override
  public void hangup(CloseCode code, String reason) {
    drop(code, reason);
  }

  @Override
  public void dropSuccessor(CloseCode code, String reason) {
    // there is none
  }

  @Override
  public void handOver(Duration closeIn) {
    // there is no successor
  }

  @Override
  public void online() {
    if (link != null) {
      talk.online(link);
    }
  }

  @Override
  public void offline() {
    talk.offline();
  }

  @Override
  public void end(End end) {
    talk.end(end);
  }

  /** With each connection a token is asked for anew; on a living one there is no common way. */
  @Override
  public void renew(String fresh, Consumer<Renewed> outcome) {
    outcome.accept(new Renewed.Unknown());
  }

  @Override
  public boolean released() {
    return leaving.isEmpty() && link == null;
  }

  /** A foreign service's codes are its own, so the handler says what they mean. */
  @Override
  public CloseCode.Verdict verdict(int code) {
    boolean back =
        leftByUs
            || Guard.ask("shouldReconnect", () -> options.handler().shouldReconnect(code), true);
    return back ? CloseCode.Verdict.RECONNECT : CloseCode.Verdict.STOP;
  }

  private void drop(CloseCode code, String reason) {
    ForeignLink dropped = link;
    if (dropped != null) {
      forgetLink();
      leaving.add(dropped);
      dropped.close(code, reason);
    }
  }

  private void forgetLink() {
    link = null;
    greeting = false;
  }

  // ---- what connections bring

  @Override
  public void text(ForeignLink from, Text message) {
    announce(from); // it can be faster than that
    if (from != link) {
      return;
    }
    Routed to =
        Guard.ask(
            "classify",
            () -> Routed.of(message, options.handler(), greeting),
            new Routed.Other(MessageKind.UNKNOWN, null, true));
    switch (to) {
      case Routed.ServerPing() ->
          Guard.ask("pong", () -> options.handler().pong(message), Optional.<ForeignMessage>empty())
              .ifPresent(from::owe);
      case Routed.Pong() -> from.answered();
      case Routed.AuthSucceeded() -> {
        greeting = false;
        listener.happened(new Input.Welcomed(false));
      }
      case Routed.AuthFailed() -> refused("refused by the service");
      case Routed.Reconnect() -> leave(from);
      case Routed.Response(String id) -> talk.response(id, message);
      case Routed.Update(String topic) -> talk.update(from.epoch, topic, message);
      case Routed.Other other -> talk.other(from.epoch, other, message);
    }
  }

  @Override
  public void unreadable(ForeignLink from, int length, String why) {
    if (from == link) {
      talk.unreadable(from.epoch, length, why);
    }
  }

  @Override
  public void writable(ForeignLink from) {
    if (from == link) {
      talk.pump();
    }
  }

  @Override
  public void gone(ForeignLink gone, int code, String reason) {
    if (gone == link) {
      announce(gone); // it can be over before that
      forgetLink();
      leftByUs = gone.ours();
      listener.gone(gone.epoch, code, reason);
      listener.happened(new Input.Lost(code, reason));
    } else if (leaving.remove(gone)) {
      if (gone.announced) {
        listener.gone(gone.epoch, code, reason);
      }
      listener.released();
    }
  }

  /** The service wants us on another connection. */
  private void leave(ForeignLink left) {
    forgetLink();
    leaving.add(left);
    leftByUs = true;
    left.close(CloseCode.NORMAL, "asked to reconnect");
    listener.happened(
        new Input.Lost(CloseCode.SERVICE_RESTART.value(), "the service asks to reconnect"));
  }

  private void refused(String why) {
    greeting = false;
    listener.happened(new Input.Unwelcome(FaultCode.UNAUTHENTICATED, why, null));
  }

  private void announce(ForeignLink opened) {
    if (opened == link && !opened.announced) {
      opened.announced = true;
      listener.opened(opened.epoch, opened.endpoint);
      listener.happened(new Input.Opened());
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
      ForeignLink opened = new ForeignLink(epochs, endpoint, transport, options, ForeignLine.this);
      if (dial == this) {
        dial = null;
        link = opened;
        loop.execute(() -> announce(opened)); // later: the transport does not know us yet
      } else {
        leaving.add(opened);
        loop.execute(opened::abort);
      }
      return opened;
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
