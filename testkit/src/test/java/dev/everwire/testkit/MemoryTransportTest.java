package dev.everwire.testkit;

class MemoryTransportTest extends TransportContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }
}
