package dev.everwire.netty;

import dev.everwire.testkit.ClosingContract;
import dev.everwire.testkit.TransportHarness;

class NettyClosingTest extends ClosingContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
  }
}
