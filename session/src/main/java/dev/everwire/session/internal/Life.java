package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.internal.lifecycle.Vigil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a conversation as time goes by: pings, and when it is over because nobody is
 * there, nothing is said, or it has lasted long enough. Event loop only; times are nanoseconds of
 * the loop.
 */
final class Life {

  /** Why a peer is given up. */
  record End(CloseCode code, String reason) {}

  private static final End LOST = new End(CloseCode.HEARTBEAT_LOST, "heartbeat lost");
  private static final End IDLE = new End(CloseCode.GOING_AWAY, "idle");
  private static final End IDLE_SESSION = new End(CloseCode.DRAIN, "idle"); // it can be resumed
  private static final End OLD_SESSION = new End(CloseCode.MAX_AGE, "max age");
  private static final End OLD_PEER = new End(CloseCode.GOING_AWAY, "max age");

  private final Effects effects;
  private Vigil vigil;
  private boolean session; // not a plain peer

  Life(Heartbeat heartbeat, double phase, long now, Effects effects) {
    this.effects = effects;
    this.vigil = new Vigil(heartbeat, Lifetime.UNLIMITED, phase, 0, now);
  }

  /** It lasts only so long. Before anything is received. */
  void lasting(Lifetime lifetime, Heartbeat heartbeat, double phase, double share, long now) {
    vigil = new Vigil(heartbeat, lifetime, phase, share, now);
  }

  /** There is a session, and it has a heartbeat of its own. */
  void establish(Heartbeat heartbeat, double phase, long now) {
    session = true;
    vigil.heartbeat(heartbeat, phase, now);
  }

  Vigil vigil() {
    return vigil;
  }

  // ---- signs of life

  void received(Frame frame, long now) {
    if (vigil.watchesIdleness() && !beats(frame)) {
      vigil.active(now);
    }
  }

  /** Whether it says no more than that the peer lives. */
  private static boolean beats(Frame frame) {
    return frame instanceof Frame.Single(Message.Notification(String method, RawJson params))
        && (method.equals(Names.PING) || method.equals(Names.PONG));
  }

  void ponged(long now) {
    vigil.answered(now);
  }

  /** One of its calls has ended. */
  void returned(long now) {
    vigil.active(now);
  }

  /** We do not read: that says nothing about the peer. */
  void excuse(long now) {
    vigil.excuse(now);
  }

  // ---- what is due

  long untilNext(long now) {
    return vigil.untilNext(now);
  }

  /**
   * Does what is due.
   *
   * @param theirs the peer's calls that run or wait
   * @param ours our calls that wait for an answer
   * @return why the peer is to be given up; null if it is not
   */
  @Nullable End due(long now, long lastSignAt, int theirs, int ours) {
    int missed = vigil.missed();
    Vigil.Due due = vigil.decide(now, lastSignAt);
    if (vigil.missed() > missed) {
      effects.heartbeatMissed(vigil.missed());
    }
    return switch (due) {
      case NOTHING -> null;
      case PING -> {
        ping();
        yield null;
      }
      case DEAD -> LOST;
      case IDLE -> {
        if (theirs + ours == 0) {
          yield session ? IDLE_SESSION : IDLE;
        }
        vigil.active(now); // somebody waits for an answer
        yield null;
      }
      case AGED -> aged(theirs);
      case OVERDUE -> tooOld();
    };
  }

  /**
   * What a peer without a session was given time for may be answered.
   *
   * @return why it is to be given up; null if it is not
   */
  @Nullable End settled(int theirs) {
    return vigil.aged() && !session && theirs == 0 ? tooOld() : null;
  }

  private @Nullable End aged(int theirs) {
    if (!session) {
      return theirs == 0 ? tooOld() : null;
    }
    Goaway goaway = new Goaway("max-age", Duration.ZERO, vigil.grace(), null);
    effects.send(new Message.Notification(Names.GOAWAY, goaway.write()));
    return null;
  }

  private End tooOld() {
    return session ? OLD_SESSION : OLD_PEER;
  }

  private void ping() {
    boolean message =
        switch (vigil.mode()) {
          case AUTO -> session;
          case APP, BOTH -> true;
          case FRAME -> false;
        };
    if (message) {
      effects.send(new Message.Notification(Names.PING, null));
    }
    if (!message || vigil.mode() == Heartbeat.Mode.BOTH) {
      effects.pingFrame();
    }
  }
}
