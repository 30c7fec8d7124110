package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.wire.Ack;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the peer may forget: answers of ours that have arrived, or that nobody waits for any more,
 * and messages of the inbox that were dealt with. It is told of several at once: after 64 of them,
 * after 256 KiB of answers, or a second after the first was noticed. Not thread-safe; times are
 * nanoseconds of the loop.
 *
 * <pre>
 *   sent 1 … 5, settled 1, 2, 4    upTo 2, also [4]
 *   settled 3                      upTo 4
 * </pre>
 */
public final class Acks {
  static final int MOST = 64;
  static final long MOST_BYTES = 256 * 1024;
  static final long WITHIN = 1_000_000_000;

  private static final int FIRST_SIZE = 8;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private long[] settled = {}; // the first few of it; not told yet
  private int count;
  private long bytes;
  private String inboxEpoch = "";
  private long inbox; // offset of the last message dealt with
  private long inboxTold;
  private int messages; // of the inbox, not told yet
  private long since = UNKNOWN; // when the first of all these was noticed

  /**
   * A call has ended, however.
   *
   * @param answer bytes of the answer, 0 if there was none
   */
  void settled(long id, long answer) {
    if (count == settled.length) {
      settled = Arrays.copyOf(settled, Math.max(FIRST_SIZE, 2 * count));
    }
    settled[count++] = id;
    bytes += answer;
  }

  /** All messages of the inbox up to this one were dealt with. */
  public void inbox(String epoch, long offset) {
    if (!epoch.equals(inboxEpoch)) { // another life: its offsets begin at 1
      inboxEpoch = epoch;
      inbox = 0;
      inboxTold = 0;
    }
    if (offset > inbox) {
      inbox = offset;
      messages++;
    }
  }

  /**
   * Nanoseconds until the peer is to be told, {@link Long#MAX_VALUE} if there is nothing to tell.
   */
  public long untilDue(long now) {
    if (count + messages == 0) {
      return Long.MAX_VALUE;
    }
    if (count + messages >= MOST || bytes >= MOST_BYTES) {
      return 0;
    }
    if (since == UNKNOWN) {
      since = now;
    }
    return Math.max(0, since + WITHIN - now);
  }

  /**
   * What to tell; it counts as told.
   *
   * @param firstAwaited the smallest id whose call has not ended, or the next one
   */
  public Ack take(long firstAwaited) {
    List<Long> also = // of more than fit, the rest is told when the first one has ended, too
        LongStream.of(settled)
            .limit(count)
            .filter(id -> id > firstAwaited)
            .limit(Ack.MOST_ALSO)
            .sorted()
            .boxed()
            .toList();
    Ack ack = new Ack(firstAwaited - 1, also, inbox > inboxTold ? inbox : 0);
    settled = count > MOST ? new long[0] : settled;
    count = 0;
    bytes = 0;
    inboxTold = inbox;
    messages = 0;
    since = UNKNOWN;
    return ack;
  }
}
