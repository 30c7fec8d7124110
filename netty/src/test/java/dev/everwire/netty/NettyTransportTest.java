package dev.everwire.netty;

import dev.everwire.testkit.TransportContract;
import dev.everwire.testkit.TransportHarness;

class NettyTransportTest extends TransportContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
  }
}
