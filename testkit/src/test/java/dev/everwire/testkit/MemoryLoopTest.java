package dev.everwire.testkit;

class MemoryLoopTest extends LoopContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }
}
