package dev.everwire.netty;

import dev.everwire.testkit.DecidingContract;
import dev.everwire.testkit.TransportHarness;

class NettyDecidingTest extends DecidingContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
  }
}
