package dev.everwire.session.internal;

import dev.everwire.session.internal.rpc.FrameLimit;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the other end told of itself in its hello, or in its answer to ours.
 *
 * @param caps what it can do beyond the base, such as {@link #META}; of those that are known here
 * @param maxMessageBytes the largest text it reads, {@link Long#MAX_VALUE} if it did not say
 * @param maxCalls how many calls it takes at once, {@link Integer#MAX_VALUE} if nobody knows
 * @param agent what it calls its program, for people; empty if it does not
 */
public record PeerProfile(Set<String> caps, long maxMessageBytes, int maxCalls, String agent) {
  /** Reads arrays of messages that were not asked for by one. */
  public static final String BATCH = "batch";

  /** Understands {@code _meta} and {@code rpc.call}. */
  public static final String META = "meta";

  /** Takes and gives streams of items. */
  public static final String STREAM = "stream";

  /** Serves calls, too. */
  public static final String SERVER_CALLS = "server-calls";

  /** Acknowledges answers, so that its session can be kept when the connection is lost. */
  public static final String ACK = "ack";

  /** Said nothing. */
  public static final PeerProfile PLAIN = new PeerProfile(Set.of(), Long.MAX_VALUE);

  private static final Set<String> KNOWN = Set.of(BATCH, META, STREAM, SERVER_CALLS, ACK);

  private static final String FRAME = "frame";
  private static final String INFLIGHT = "inflight";

  /** Of a peer that said hello, unless it says otherwise. */
  private static final int CALLS = 256;

  /** Of a peer that takes any number of calls. */
  public PeerProfile(Set<String> caps, long maxMessageBytes) {
    this(caps, maxMessageBytes, Integer.MAX_VALUE, "");
  }

  public PeerProfile {
    caps = Set.copyOf(caps);
  }

  /**
   * @param limits by name, as they stand in hello and its answer
   */
  public static PeerProfile of(Iterable<String> caps, Map<String, Long> limits) {
    Set<String> names = new HashSet<>();
    for (String cap : caps) {
      if (KNOWN.contains(cap)) {
        names.add(cap);
      }
    }
    Long frame = limits.get(FRAME);
    long calls = limits.getOrDefault(INFLIGHT, (long) CALLS);
    return new PeerProfile(
        names,
        frame == null || frame < 1 ? Long.MAX_VALUE : frame,
        calls < 1 ? CALLS : (int) Math.min(calls, Integer.MAX_VALUE),
        "");
  }

  /** The same of a program that calls itself so. */
  public PeerProfile agent(String name) {
    return new PeerProfile(caps, maxMessageBytes, maxCalls, name);
  }

  public FrameLimit frameLimit() {
    return maxMessageBytes == Long.MAX_VALUE ? FrameLimit.UNKNOWN : new FrameLimit(maxMessageBytes);
  }

  public boolean can(String cap) {
    return caps.contains(cap);
  }
}
