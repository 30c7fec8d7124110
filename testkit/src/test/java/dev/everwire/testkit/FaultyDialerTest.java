package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;

class FaultyDialerTest extends FaultsContract {
  @Override
  protected TransportHarness harness() {
    return new MemoryHarness();
  }

  @Override
  protected Dialer dialer(TransportHarness harness, Faults faults) {
    return new FaultyDialer(harness.dialer(), faults);
  }

  @Override
  protected int tenSent() {
    return 10;
  }

  @Override
  protected int tenReceived() {
    return 10;
  }
}
