package dev.everwire.netty;

import dev.everwire.netty.options.IoTransport;
import dev.everwire.testkit.ClosingContract;
import dev.everwire.testkit.LoopContract;
import dev.everwire.testkit.TransportContract;
import dev.everwire.testkit.TransportHarness;
import org.junit.jupiter.api.Nested;

/** The contracts on the JDK's own channels. */
class NioContractsTest {
  @Nested
  class Transport extends TransportContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.NIO);
    }
  }

  @Nested
  class Closing extends ClosingContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.NIO);
    }
  }

  @Nested
  class Loop extends LoopContract {
    @Override
    protected TransportHarness harness() {
      return new NettyHarness(IoTransport.NIO);
    }
  }
}
