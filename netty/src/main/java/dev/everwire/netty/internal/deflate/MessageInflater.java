package dev.everwire.netty.internal.deflate;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates what one connection receives, piece by piece as it comes in and bounded while it does.
 * Holds an inflater only from the first byte of a message to its end; with context takeover, the
 * last bytes of what it inflated, at most the peer's window, stay between messages. On the
 * connection's loop only.
 *
 * <p>A message may hold final blocks (RFC 7692 section 7.2.3.4): behind each a new stream begins.
 * With what section 7.2.2 appends it has to end at the end of a block.
 */
public final class MessageInflater {
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /** A final block of nothing. Where it is accepted and yields nothing, a block had just ended. */
  private static final byte[] FINAL_BLOCK = {3, 0};

  private static final byte[] NOTHING = new byte[0];
  private static final int MIN_STEP = 256;
  private static final int MAX_FIRST_STEP = 16 * 1024;

  /**
   * A buffer of this size is not doubled any more but grows to the limit at once: while it is
   * copied, old and new together are never more than the limit and twice this.
   */
  private static final int LARGE_BYTES = 4 * 1024 * 1024;

  private final DeflateTerms terms;
  private final Deflaters deflaters;
  private final History history;

  private @Nullable Inflater current; // from the first byte of a message to its end
  private boolean finalBlock; // the last thing it read
  private long produced; // of this message

  public MessageInflater(DeflateTerms terms, Deflaters deflaters) {
    this.terms = terms;
    this.deflaters = deflaters;
    this.history = new History(1 << terms.receiveWindowBits());
  }

  /**
   * Appends what the next bytes of the message inflate to.
   *
   * @param piece consumed if the outcome is {@link Outcome#OK}
   * @param out in one piece of memory; grows in steps, at most by what is left of the limit
   * @param limit for all pieces of this message together, in bytes
   */
  public Outcome inflate(ByteBuffer piece, ByteBuf out, int limit) {
    if (!piece.hasRemaining()) {
      return Outcome.OK;
    }
    Inflater inflater = current;
    if (inflater == null) {
      inflater = deflaters.borrowInflater();
      current = inflater;
      history.tell(inflater);
    }
    return read(inflater, piece, out, limit);
  }

  /**
   * Ends the message, which may have had no bytes at all: that one is empty. As {@link #inflate}.
   */
  public Outcome finish(ByteBuf out, int limit) {
    Inflater inflater = current;
    if (inflater == null) {
      return Outcome.OK;
    }
    if (!finalBlock) {
      Outcome outcome = read(inflater, ByteBuffer.wrap(TAIL), out, limit);
      if (outcome != Outcome.OK) {
        return outcome;
      }
    }
    if (!finalBlock && !atEndOfBlock(inflater)) {
      release();
      return Outcome.CORRUPT;
    }
    giveBack();
    return Outcome.OK;
  }

  /** Gives back what is held and forgets all. Idempotent. */
  public void release() {
    giveBack();
    history.forget();
  }

  private Outcome read(Inflater inflater, ByteBuffer piece, ByteBuf out, int limit) {
    int from = out.writerIndex();
    Outcome outcome;
    try {
      outcome = readAll(inflater, piece, out, limit);
    } catch (DataFormatException e) {
      outcome = Outcome.CORRUPT;
    }
    inflater.setInput(NOTHING); // lets go of the piece
    if (outcome != Outcome.OK) {
      release();
    } else if (terms.receiveTakeover()) {
      history.add(out, from, out.writerIndex() - from);
    }
    return outcome;
  }

  private Outcome readAll(Inflater inflater, ByteBuffer piece, ByteBuf out, int limit)
      throws DataFormatException {
    int step = Math.clamp(4L * piece.remaining(), MIN_STEP, MAX_FIRST_STEP);
    inflater.setInput(piece);
    while (true) {
      if (finalBlock) {
        if (!piece.hasRemaining()) {
          return Outcome.OK;
        }
        inflater.reset();
        inflater.setInput(piece);
        finalBlock = false;
      }
      int before = piece.remaining();
      int room = room(out, limit - produced, step);
      int made = room == 0 ? inflater.inflate(deflaters.oneByte()) : inflate(inflater, out, room);
      if (room == 0 && made > 0) {
        return Outcome.TOO_LARGE;
      }
      produced += made;
      if (inflater.finished()) {
        finalBlock = true;
      } else if (made < Math.max(room, 1) && !piece.hasRemaining()) {
        return Outcome.OK; // room was left, so nothing waits inside
      } else if (made == 0 && piece.remaining() == before) {
        return Outcome.CORRUPT; // neither takes nor gives: nothing more can come of it
      }
    }
  }

  private static int inflate(Inflater inflater, ByteBuf out, int room) throws DataFormatException {
    int made = inflater.inflate(out.internalNioBuffer(out.writerIndex(), room));
    out.writerIndex(out.writerIndex() + made);
    return made;
  }

  /** Makes room for at least one byte if the limit leaves any; 0 if it does not. */
  private static int room(ByteBuf out, long left, int step) {
    if (left <= 0) {
      return 0;
    }
    if (!out.isWritable()) {
      int capacity = out.capacity();
      long more = capacity < LARGE_BYTES ? Math.max(capacity, step) : left;
      out.capacity(Math.toIntExact(out.writerIndex() + Math.min(more, left)));
    }
    return (int) Math.min(out.writableBytes(), left);
  }

  private boolean atEndOfBlock(Inflater inflater) {
    inflater.setInput(FINAL_BLOCK);
    try {
      return inflater.inflate(deflaters.oneByte()) == 0
          && inflater.finished()
          && inflater.getRemaining() == 0;
    } catch (DataFormatException e) {
      return false;
    }
  }

  private void giveBack() {
    Inflater held = current;
    if (held != null) {
      current = null;
      finalBlock = false;
      produced = 0;
      deflaters.giveBack(held);
    }
  }
}
