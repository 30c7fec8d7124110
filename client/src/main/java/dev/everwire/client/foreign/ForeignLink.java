package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.keep.Terms;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import dev.everwire.session.internal.lifecycle.Pulse;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the service: its messages as text, and its heartbeat. Event loop only.
 *
 * <p>Any byte received counts as life. After the interval without one a ping is sent, and only when
 * nothing came within the timeout of that ping it counts as missed; so a healthy link is never
 * dropped, however long the interval is.
 */
final class ForeignLink implements Receiver {

  /** Is told what the connection brings. */
  interface Owner {
    void text(ForeignLink from, Text message);

    /** A binary message that the handler could not read. */
    void unreadable(ForeignLink from, int length, String why);

    void writable(ForeignLink from);

    void gone(ForeignLink link, int code, String reason);
  }

  /** The peer's Close frame is waited for so long after ours. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20); // when there was no room

  final long epoch;
  final URI endpoint;
  boolean announced; // its owner has told of it
  private final Transport transport;
  private final ForeignOptions options;
  private final Owner owner;
  private final Loop loop;
  private final Observer observer;
  private final Pulse pulse;
  private long answeredAt; // a ping, by a message
  private Loop.@Nullable Timer beat;
  private @Nullable CloseCode leaving; // why this end has begun to close it
  private boolean ended;
  private @Nullable ForeignMessage owed; // could not be written yet, and goes first

  ForeignLink(long epoch, URI endpoint, Transport transport, ForeignOptions options, Owner owner) {
    Terms terms = options.terms();
    this.epoch = epoch;
    this.endpoint = endpoint;
    this.transport = transport;
    this.options = options;
    this.owner = owner;
    this.loop = transport.loop();
    this.observer = Observer.guarded(terms.observer());
    this.answeredAt = loop.now();
    this.pulse = new Pulse(terms.settings().heartbeat(), terms.random().nextDouble(), loop.now());
    schedule();
  }

  // ---- sending

  Offer send(ForeignMessage message) {
    if (leaving != null || ended) {
      return Offer.CLOSED;
    }
    if (owed != null) {
      return Offer.FULL;
    }
    return switch (message) {
      case Text text -> transport.sendText(ByteBuffer.wrap(text.bytes()));
      case ForeignMessage.Binary binary -> transport.sendBinary(ByteBuffer.wrap(binary.bytes()));
    };
  }

  /** Sends what the service waits for; if there is no room now, before everything else. */
  void owe(ForeignMessage message) {
    owed = message; // of several the latest says it all
    pay();
  }

  private void pay() {
    ForeignMessage message = owed;
    if (message == null) {
      return;
    }
    owed = null;
    if (send(message) == Offer.FULL) {
      owed = message;
      try {
        loop.schedule(LOOK_AGAIN.toNanos(), this::pay);
      } catch (RejectedExecutionException e) {
        owed = null; // the loop ends, and this with it
      }
    }
  }

  /** Whether the connection ended because this end wanted it to. */
  boolean ours() {
    return leaving != null;
  }

  /** Whether nothing can be sent any more. */
  boolean over() {
    return leaving != null || ended || !transport.open();
  }

  /** Begins the closing handshake, and soon ends the connection whatever the peer does. */
  void close(CloseCode code, String reason) {
    if (leaving != null || ended) {
      return;
    }
    leaving = code;
    stop();
    transport.close(code.value(), reason);
    try {
      loop.schedule(FAREWELL.toNanos(), this::abort);
    } catch (RejectedExecutionException e) {
      transport.abort();
    }
  }

  void abort() {
    if (!ended) {
      transport.abort();
    }
  }

  // ---- heartbeat

  private void schedule() {
    try {
      beat = loop.schedule(Math.max(0, pulse.untilNext(loop.now())), this::tick);
    } catch (RejectedExecutionException e) {
      beat = null; // the loop ends, and this with it
    }
  }

  private void stop() {
    if (beat != null) {
      beat.cancel();
      beat = null;
    }
  }

  private void tick() {
    if (leaving != null || ended) {
      return;
    }
    int missed = pulse.missed();
    Pulse.Beat now = pulse.beat(loop.now(), lastSignAt());
    if (pulse.missed() > missed) {
      observer.on(new Observed.HeartbeatMissed(pulse.missed()));
    }
    switch (now) {
      case NOTHING -> {}
      case PING -> ping();
      case DEAD -> {
        close(CloseCode.HEARTBEAT_LOST, "heartbeat lost");
        return;
      }
    }
    schedule();
  }

  private long lastSignAt() {
    if (options.terms().settings().heartbeat().anyTraffic()) {
      return transport.lastReceivedAt();
    }
    long frame = transport.lastPongAt();
    return answeredAt - frame > 0 ? answeredAt : frame;
  }

  /** A message came that answers a ping. */
  void answered() {
    answeredAt = loop.now();
  }

  private void ping() {
    Heartbeat.Mode mode = options.terms().settings().heartbeat().mode();
    boolean frameOnly =
        mode == Heartbeat.Mode.FRAME || (mode == Heartbeat.Mode.AUTO && options.webSocketPing());
    Optional<ForeignMessage> message =
        frameOnly ? Optional.empty() : Guard.ask("ping", options.handler()::ping, Optional.empty());
    boolean said = message.isPresent() && send(message.get()) == Offer.QUEUED;
    if (!said || mode == Heartbeat.Mode.BOTH) {
      transport.ping(); // for a frame there always is room
    }
  }

  // ---- receiving

  @Override
  public void onText(ByteBuffer utf8) {
    if (leaving == null) {
      owner.text(this, Text.trusted(copy(utf8)));
    }
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    if (leaving != null) {
      return;
    }
    int most = options.terms().settings().transportLimits().maxMessageBytes();
    byte[] copy = copy(bytes);
    Text text;
    try {
      text = Objects.requireNonNull(options.handler().decodeBinary(copy, most), "decodeBinary");
      if (text.length() > most) {
        throw new IllegalArgumentException(
            "binary message: longer than " + most + " bytes when unfolded");
      }
    } catch (IllegalArgumentException e) {
      owner.unreadable(this, copy.length, String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException | Error e) {
      Guard.failed("decodeBinary", e);
      owner.unreadable(this, copy.length, "the handler failed");
      return;
    }
    owner.text(this, text);
  }

  @Override
  public void onWritable(boolean writable) {
    if (writable && leaving == null) {
      owner.writable(this);
    }
  }

  @Override
  public void onClosed(int code, String reason) {
    ended = true;
    stop();
    // Of a peer that did not answer our Close frame, the code is ours.
    CloseCode ours = code == CloseCode.ABNORMAL.value() ? leaving : null;
    owner.gone(this, ours == null ? code : ours.value(), reason);
  }

  private static byte[] copy(ByteBuffer from) {
    byte[] copy = new byte[from.remaining()];
    from.get(copy);
    return copy;
  }
}
