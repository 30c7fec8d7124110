package dev.everwire.server.raw;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.transport.TransportLimits;
import org.jspecify.annotations.Nullable;

/**
 * How connections of an endpoint live where nothing of the protocol is spoken. Nobody is pinged and
 * nobody's time is bounded unless said. A dead connection is closed with 4001, an idle or old one
 * with 1001 and the reason {@code idle} or {@code max age}; the grace of a {@link Lifetime} means
 * nothing here, as no calls are known.
 *
 * <p>The server's inbound rates hold here too: a message beyond them is dropped, and a peer that
 * goes on is closed with 4201.
 *
 * @param heartbeat null where nobody is pinged. Its mode AUTO pings by message where {@code ping}
 *     is given, otherwise by frame
 * @param ping what a ping is that is a message; null if there are none
 * @param metered whether the server's inbound rates hold
 */
public record RawEndpoint(
    TransportLimits limits,
    @Nullable Heartbeat heartbeat,
    @Nullable RawPing ping,
    Lifetime lifetime,
    boolean metered) {

  public RawEndpoint {
    Heartbeat.Mode mode = heartbeat == null ? Heartbeat.Mode.FRAME : heartbeat.mode();
    if (ping == null && (mode == Heartbeat.Mode.APP || mode == Heartbeat.Mode.BOTH)) {
      throw new IllegalArgumentException(
          "ping: null (expected: a RawPing for the mode " + mode + ")");
    }
    if (ping != null && heartbeat == null) {
      throw new IllegalArgumentException("heartbeat: null (expected: a Heartbeat for the ping)");
    }
  }

  /** Bounds of messages and queues only. */
  public static RawEndpoint of(TransportLimits limits) {
    return new RawEndpoint(limits, null, null, Lifetime.UNLIMITED, true);
  }

  /** The same where peers are pinged by frames. */
  public RawEndpoint heartbeat(Heartbeat beat) {
    return new RawEndpoint(limits, beat, null, lifetime, metered);
  }

  /** The same where peers are pinged by messages. */
  public RawEndpoint heartbeat(Heartbeat beat, RawPing by) {
    return new RawEndpoint(limits, beat, by, lifetime, metered);
  }

  /** The same where connections last only so long. */
  public RawEndpoint lifetime(Lifetime bounds) {
    return new RawEndpoint(limits, heartbeat, ping, bounds, metered);
  }

  /** The same where the server's inbound rates do not hold. */
  public RawEndpoint unmetered() {
    return new RawEndpoint(limits, heartbeat, ping, lifetime, false);
  }
}
