package dev.everwire.netty;

import dev.everwire.testkit.TransportHarness;
import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.MockServerContract;

class NettyMockServerTest extends MockServerContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
  }

  @Override
  protected MockServer serve(TransportHarness harness) {
    return MockServer.on(harness.listener());
  }
}
