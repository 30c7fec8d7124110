package dev.everwire.netty.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.testkit.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a channel's bytes are read to, and when its turn is over. */
class ReceiveBuffersTest {
  private static final ByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final NettyLoop loop = new NettyLoop(eventLoop);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ReceiveBuffers buffers = new ReceiveBuffers(loop);

  @AfterEach
  void end() {
    channel.close();
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void aNewChannelReadsToSmallBuffersOfItsOwn() {
    ByteBuf first = buffers.allocate(ALLOC);
    assertThat(first.writableBytes()).isEqualTo(2048);
    assertThat(loop.sharedRead().is(first)).isFalse();
    first.release();
  }

  @Test
  void buffersGrowWithWhatComesAndShrinkAgain() {
    assertThat(afterTurnsOf(2048, 1)).isEqualTo(4096);
    assertThat(afterTurnsOf(64 * 1024, 10)).isEqualTo(64 * 1024);
    assertThat(afterTurnsOf(10, 10)).isEqualTo(2048);
  }

  @Test
  void oneBufferServesAllWhoShare() {
    buffers.share(() -> null);
    ByteBuf first = buffers.allocate(ALLOC);
    assertThat(loop.sharedRead().is(first)).isTrue();
    first.writeLong(1);
    first.release();
    ByteBuf second = buffers.allocate(ALLOC);
    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    second.release();
  }

  @Test
  void aBufferThatSomebodyKeepsIsNotLentAgain() {
    ByteBuf kept = loop.sharedRead().lend().writeInt(7);
    ByteBuf next = loop.sharedRead().lend().writeInt(8);
    assertThat(next).isNotSameAs(kept);
    assertThat(loop.sharedRead().is(next)).isTrue();
    assertThat(kept.getInt(0)).isEqualTo(7);
    kept.release();
    assertThat(kept.refCnt()).isZero();
    next.release();
  }

  @Test
  void theOwnerMayWantItElsewhere() {
    ByteBuf own = Unpooled.buffer(10);
    buffers.share(() -> own);
    assertThat(buffers.allocate(ALLOC)).isSameAs(own);
    own.release();
  }

  @Test
  void aTurnEndsWhenTheSocketIsEmptyOrOthersHaveWaitedLongEnough() {
    buffers.reset(channel.config());
    came(1000, 2048);
    assertThat(buffers.continueReading()).isFalse();
    came(2048, 2048);
    assertThat(buffers.continueReading()).isTrue();
    for (int i = 0; i < 4; i++) {
      came(64 * 1024, 64 * 1024);
    }
    assertThat(buffers.continueReading()).isFalse();
    buffers.reset(channel.config());
    came(2048, 2048);
    channel.config().setAutoRead(false);
    assertThat(buffers.continueReading()).isFalse();
  }

  @Test
  void aPartIsMadeOnceAndClosedBehindTheLoop() {
    record Part(CountDownLatch closed) implements AutoCloseable {
      @Override
      public void close() {
        closed.countDown();
      }
    }
    var closed = new CountDownLatch(1);
    Part made = loop.part(Part.class, () -> new Part(closed));
    assertThat(loop.part(Part.class, () -> new Part(closed))).isSameAs(made);
    assertThat(closed.getCount()).isOne();
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Await.until(() -> closed.getCount() == 0);
  }

  private int afterTurnsOf(int bytes, int turns) {
    for (int i = 0; i < turns; i++) {
      buffers.reset(channel.config());
      came(Math.min(bytes, buffers.guess()), buffers.guess());
      buffers.readComplete();
    }
    return buffers.guess();
  }

  private void came(int bytes, int attempted) {
    buffers.attemptedBytesRead(attempted);
    buffers.lastBytesRead(bytes);
    buffers.incMessagesRead(1);
  }
}
