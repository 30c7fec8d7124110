package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.netty.internal.deflate.Deflaters;
import dev.everwire.netty.internal.deflate.MessageInflater;
import dev.everwire.netty.internal.frame.Inflation;
import dev.everwire.netty.internal.loop.NettyLoop;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Lets a frame reader inflate with what the loop's connections share. */
final class Inflating implements Inflation {
  private final MessageInflater inflater;

  private Inflating(MessageInflater inflater) {
    this.inflater = inflater;
  }

  static @Nullable Inflation of(@Nullable DeflateTerms terms, NettyLoop loop) {
    return terms == null
        ? null
        : new Inflating(new MessageInflater(terms, loop.part(Deflaters.class, Deflaters::new)));
  }

  @Override
  public Outcome inflate(ByteBuffer piece, ByteBuf out, int limit) {
    return outcome(inflater.inflate(piece, out, limit));
  }

  @Override
  public Outcome finish(ByteBuf out, int limit) {
    return outcome(inflater.finish(out, limit));
  }

  @Override
  public void release() {
    inflater.release();
  }

  private static Outcome outcome(dev.everwire.netty.internal.deflate.Outcome came) {
    return switch (came) {
      case OK -> Outcome.OK;
      case TOO_LARGE -> Outcome.TOO_LARGE;
      case CORRUPT -> Outcome.CORRUPT;
    };
  }
}
