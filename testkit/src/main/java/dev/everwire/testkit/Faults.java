package dev.everwire.testkit;

import java.time.Duration;
import java.util.Random;

/**
 * Decides what befalls each dial and the connection it makes, in a {@link MemoryNetwork} or, by a
 * {@link FaultyDialer}, over any transport.
 */
@FunctionalInterface
public interface Faults {

  /**
   * What befalls one dial and the connection it makes.
   *
   * @param answer how the dial itself goes
   * @param latency of the dial and of each message, either way
   * @param delays of messages, in addition
   * @param cut in bytes: of frames with their headers in memory, of payloads over other transports
   */
  record Plan(Answer answer, Duration latency, Delays delays, CutPlan cut) {
    public static final Plan NONE = new Plan(Answer.CONNECT, Duration.ZERO, CutPlan.NEVER);

    public Plan(Answer answer, Duration latency, CutPlan cut) {
      this(answer, latency, Delays.NONE, cut);
    }

    public Plan answer(Answer then) {
      return new Plan(then, latency, delays, cut);
    }

    public Plan latency(Duration then) {
      return new Plan(answer, then, delays, cut);
    }

    public Plan delays(Delays then) {
      return new Plan(answer, latency, then, cut);
    }

    public Plan cut(CutPlan then) {
      return new Plan(answer, latency, delays, then);
    }

    /** Nanoseconds that a message is under way. */
    long underWay(Way way, int message) {
      return latency.toNanos() + Math.max(0, delays.nanos(way, message));
    }
  }

  /** How a dial goes. */
  enum Answer {
    CONNECT,
    /** Fails at once, as if nothing listened. */
    REFUSE,
    /** Nothing comes back until the dial's timeout. */
    SILENCE,
    /**
     * Two connections open at the acceptor. The dialer knows the second; the first stays open, and
     * nobody reads or says anything at its other end.
     */
    TWICE,
    /**
     * The acceptor opens a connection and the dialer hears of it too late: its dial has run into
     * the timeout. The connection stays open as with {@link #TWICE}.
     */
    LATE
  }

  /**
   * @param dial number of the dial in this network or dialer, from 0
   */
  Plan next(int dial);

  static Faults none() {
    return dial -> Plan.NONE;
  }

  /** The same for every dial. */
  static Faults always(Plan plan) {
    return dial -> plan;
  }

  /** The first dials fail, all later ones connect. */
  static Faults refuseFirst(int dials) {
    return dial -> dial < dials ? Plan.NONE.answer(Answer.REFUSE) : Plan.NONE;
  }

  static Faults latency(Duration latency) {
    return always(Plan.NONE.latency(latency));
  }

  /**
   * A bad network: one dial in eight fails, connections are delayed by up to 50 ms and cut after up
   * to so many bytes, one cut in four seen by one end only. The same seed gives the same faults.
   */
  static Faults seeded(long seed, int maxBytes) {
    positive(maxBytes);
    return dial -> {
      Random random = random(seed, dial);
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

  /**
   * A worse network than {@link #seeded}: also connections that nobody is told of the end of, in
   * one direction or both, messages that are held up by as much as two seconds, and dials that open
   * two connections or succeed too late. One connection in four is never cut. The same seed gives
   * the same faults.
   */
  static Faults hostile(long seed, int maxBytes) {
    positive(maxBytes);
    return dial -> {
      Random random = random(seed, dial);
      Answer answer =
          switch (random.nextInt(20)) {
            case 0, 1 -> Answer.REFUSE;
            case 2 -> Answer.SILENCE;
            case 3 -> Answer.TWICE;
            case 4 -> Answer.LATE;
            default -> Answer.CONNECT;
          };
      Duration latency = Duration.ofMillis(random.nextInt(51));
      Duration most = Duration.ofMillis(random.nextInt(2_000));
      Delays delays =
          switch (random.nextInt(6)) {
            case 0 -> Delays.seeded(random.nextLong(), most);
            case 1 -> Delays.seeded(random.nextLong(), most).only(Way.UP);
            case 2 -> Delays.seeded(random.nextLong(), most).only(Way.DOWN);
            default -> Delays.NONE;
          };
      long bytes = random.nextInt(maxBytes);
      CutPlan cut =
          switch (random.nextInt(4)) {
            case 0 -> CutPlan.NEVER;
            case 1 -> CutPlan.after(Duration.ofMillis(random.nextInt(60_000)));
            case 2 -> CutPlan.afterReceived(bytes);
            default -> CutPlan.afterSent(bytes);
          };
      CutPlan half =
          switch (random.nextInt(10)) {
            case 0 -> cut.told(CutPlan.Told.DIALER);
            case 1 -> cut.told(CutPlan.Told.ACCEPTOR);
            case 2 -> cut.halfOpen();
            case 3 -> cut.halfOpen(Way.UP);
            case 4 -> cut.halfOpen(Way.DOWN);
            default -> cut;
          };
      return new Plan(answer, latency, delays, half);
    };
  }

  private static Random random(long seed, int dial) {
    var random = new Random(seed * 1_000_003 + dial);
    random.nextInt(); // the first of neighbouring seeds are alike
    return random;
  }

  private static void positive(int maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
    }
  }
}
