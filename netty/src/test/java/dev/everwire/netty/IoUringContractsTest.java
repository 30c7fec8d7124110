package dev.everwire.netty;

import dev.everwire.netty.options.IoTransport;
import dev.everwire.testkit.ClosingContract;
import dev.everwire.testkit.LoopContract;
import dev.everwire.testkit.TransportContract;
import dev.everwire.testkit.TransportHarness;
import io.netty.channel.uring.IoUring;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contracts on io_uring. */
@EnabledIf("loads")
class IoUringContractsTest {
  static boolean loads() {
    return IoUring.isAvailable(); // not in every container
  }

  @Nested
  class Transport extends TransportContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.IO_URING);
    }
  }

  @Nested
  class Closing extends ClosingContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.IO_URING);
    }
  }

  @Nested
  class Loop extends LoopContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.IO_URING);
    }
  }
}
