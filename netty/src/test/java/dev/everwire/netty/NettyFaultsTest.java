package dev.everwire.netty;

import dev.everwire.session.transport.Dialer;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.FaultsContract;
import dev.everwire.testkit.FaultyDialer;
import dev.everwire.testkit.TransportHarness;

class NettyFaultsTest extends FaultsContract {
  @Override
  protected TransportHarness harness() {
    return new NettyHarness();
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
