package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;

class MemoryFaultsTest extends FaultsContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }

  @Override
  protected Dialer dialer(TransportHarness harness, Faults faults) {
    ((MemoryHarness) harness).network().faults(faults);
    return harness.dialer();
  }

  @Override
  protected int tenSent() {
    return 2 + 4 + 10; // header, mask, payload
  }

  @Override
  protected int tenReceived() {
    return 2 + 10;
  }
}
