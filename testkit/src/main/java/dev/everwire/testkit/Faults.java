package dev.everwire.testkit;

import java.time.Duration;
import java.util.Random;

/** Decides what befalls each connection of a {@link MemoryNetwork}. */
@FunctionalInterface
public interface Faults {

  /**
   * What befalls one dial and the connection it makes.
   *
   * @param answer how the dial itself goes
   * @param latency of each message, either way
   * @param cut in bytes of frames, header and payload
   */
  record Plan(Answer answer, Duration latency, CutPlan cut) {
    public static final Plan NONE = new Plan(Answer.CONNECT, Duration.ZERO, CutPlan.NEVER);

    public Plan cut(CutPlan then) {
      return new Plan(answer, latency, then);
    }
  }

  /** How a dial goes. */
  enum Answer {
    CONNECT,
    /** Fails at once, as if nothing listened. */
    REFUSE,
    /** Nothing comes back until the dial's timeout. */
    SILENCE
  }

  /**
   * @param dial number of the dial in this network, from 0
   */
  Plan next(int dial);

  static Faults none() {
    return dial -> Plan.NONE;
  }

  /** The first dials fail, all later ones connect. */
  static Faults refuseFirst(int dials) {
    return dial -> dial < dials ? new Plan(Answer.REFUSE, Duration.ZERO, CutPlan.NEVER) : Plan.NONE;
  }

  static Faults latency(Duration latency) {
    return dial -> new Plan(Answer.CONNECT, latency, CutPlan.NEVER);
  }

  /**
   * A bad network: one dial in eight fails, connections are delayed by up to 50 ms and cut after up
   * to so many bytes, one cut in four seen by one end only. The same seed gives the same faults.
   */
  static Faults seeded(long seed, int maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
    }
    return dial -> {
      var random = new Random(seed * 1_000_003 + dial);
      random.nextInt(); // the first of neighbouring seeds are alike
      Answer answer =
          switch (random.nextInt(16)) {
            case 0 -> Answer.REFUSE;
            case 1 -> Answer.SILENCE;
            default -> Answer.CONNECT;
          };
      Duration latency = Duration.ofMillis(random.nextInt(51));
      long bytes = random.nextInt(maxBytes);
      CutPlan cut = random.nextBoolean() ? CutPlan.afterSent(bytes) : CutPlan.afterReceived(bytes);
      CutPlan.Told told =
          switch (random.nextInt(8)) {
            case 0 -> CutPlan.Told.DIALER;
            case 1 -> CutPlan.Told.ACCEPTOR;
            default -> CutPlan.Told.BOTH;
          };
      return new Plan(answer, latency, cut.told(told));
    };
  }
}
