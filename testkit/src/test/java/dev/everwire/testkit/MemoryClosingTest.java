package dev.everwire.testkit;

class MemoryClosingTest extends ClosingContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }
}
