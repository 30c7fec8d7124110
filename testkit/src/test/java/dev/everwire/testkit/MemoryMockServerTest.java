package dev.everwire.testkit;

import dev.everwire.testkit.mock.MockServer;
import dev.everwire.testkit.mock.MockServerContract;

class MemoryMockServerTest extends MockServerContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }

  @Override
  protected MockServer serve(TransportHarness harness) {
    return MockServer.in(((MemoryHarness) harness).network(), "mock");
  }
}
