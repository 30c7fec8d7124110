package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.protocol.wire.Names;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks an {@link Intake} about what a peer says. Answers of the peer's, {@code $/…} and its hello
 * are let in unasked: others have to wait for them, and they are bounded otherwise. Event loop
 * only.
 */
final class Admission {

  /** What becomes of a message. */
  sealed interface Verdict {
    /** It is handled. */
    record In() implements Verdict {}

    /** It is not, and nobody waits for an answer. */
    record Dropped() implements Verdict {}

    /** It is answered with that. */
    record Refused(Message.Malformed answer) implements Verdict {}
  }

  private static final Verdict IN = new Verdict.In();
  private static final Verdict DROPPED = new Verdict.Dropped();
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Intake intake;
  private long retryAfterMillis = 1;

  Admission(Intake intake) {
    this.intake = intake;
  }

  /**
   * @param established whether hello was said
   */
  Verdict judge(Message message, boolean established, long now) {
    return switch (message) {
      case Message.Request request ->
          request.method().equals(Names.HELLO) && !established ? IN : judge(request.id(), now);
      case Message.Notification notification ->
          notification.method().startsWith("$/") ? IN : judge(null, now);
      case Message.Response response -> IN;
      case Message.Malformed malformed ->
          malformed.response() || malformed.empty() ? IN : judge(malformed.id(), now);
    };
  }

  /**
   * @param id of what is to be answered; null if nobody waits for an answer
   */
  Verdict judge(@Nullable RequestId id, long now) {
    long wait = intake.admit(id != null, now);
    if (wait == 0) {
      return IN;
    }
    retryAfterMillis = Math.ceilDiv(wait, NANOS_PER_MILLI);
    if (id == null) {
      return DROPPED;
    }
    Fault fault =
        Fault.of(FaultCode.RATE_LIMITED, "too many messages").retryAfterMillis(retryAfterMillis);
    return new Verdict.Refused(new Message.Malformed(id, fault, false));
  }

  boolean exhausted() {
    return intake.exhausted();
  }

  /** What a session is told before it is closed for that. */
  Message farewell() {
    Goaway goaway =
        new Goaway(
            "rate-limited",
            Duration.ZERO,
            Duration.ZERO,
            null,
            Duration.ofMillis(retryAfterMillis));
    return new Message.Notification(Names.GOAWAY, goaway.write());
  }
}
