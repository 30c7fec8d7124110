package dev.everwire.netty.internal.deflate;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what one connection sends. Between messages it holds nothing, except with context
 * takeover: then a deflater of its own for a full window, or half a window of bytes for a smaller
 * one, from its first message on. On the connection's loop only.
 */
public final class MessageDeflater {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DeflateTerms terms;
  private final Deflaters deflaters;
  private final History history;
  private @Nullable Deflater own; // with context takeover and a full window, once it said something

  public MessageDeflater(DeflateTerms terms, Deflaters deflaters) {
    this.terms = terms;
    this.deflaters = deflaters;
    this.history = new History(Deflating.segmentBytes(terms.sendWindowBits()));
  }

  /**
   * Appends the compressed form of one whole message: the payload of its frames, the first of which
   * has RSV1 set. It has to be sent, since the next message may refer to this one.
   *
   * @param payload consumed
   * @param out in one piece of memory
   */
  public void deflate(ByteBuffer payload, ByteBuf out) {
    if (!terms.sendTakeover()) {
      terms.sharedForm().deflate(payload, out, deflaters);
    } else if (terms.sendWindowBits() == Deflating.FULL_WINDOW) {
      deflateOn(payload, out);
    } else {
      Deflater borrowed = deflaters.borrowDeflater(terms.level());
      try {
        Deflating.messageInSegments(borrowed, history, terms.sendWindowBits(), payload, out);
      } finally {
        deflaters.giveBack(borrowed, terms.level());
      }
    }
  }

  /**
   * The next message refers to nothing earlier: the peer was sent a compressed message that did not
   * come from here. Gives back what was held.
   */
  public void forget() {
    history.forget();
    Deflater held = own;
    if (held != null) {
      own = null;
      deflaters.giveBack(held, terms.level());
    }
  }

  /** Gives back what is held. Idempotent. */
  public void release() {
    forget();
  }

  private void deflateOn(ByteBuffer payload, ByteBuf out) {
    Deflater deflater = own;
    if (deflater == null) {
      deflater = deflaters.borrowDeflater(terms.level());
      own = deflater;
    }
    Deflating.message(deflater, payload, out);
    deflater.setInput(NOTHING); // lets go of the payload
  }
}
