package dev.everwire.testkit;

class MemoryDecidingTest extends DecidingContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }
}
