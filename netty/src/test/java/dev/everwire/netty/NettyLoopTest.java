package dev.everwire.netty;

import dev.everwire.testkit.LoopContract;
import dev.everwire.testkit.TransportHarness;

class NettyLoopTest extends LoopContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
  }
}
