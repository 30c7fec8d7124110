package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The contracts' harness on memory. */
final class MemoryHarness implements TransportHarness {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Dialer dialer = network.dialer();
  private int names;

  MemoryNetwork network() {
    return network;
  }

  @Override
  public Listener listener() {
    return network.listener("node" + names++, 2);
  }

  @Override
  public Dialer dialer() {
    return dialer;
  }

  @Override
  public URI nowhere() {
    return URI.create("ws://nobody/");
  }

  @Override
  public URI silent() {
    network.faults(dial -> Faults.Plan.NONE.answer(Faults.Answer.SILENCE));
    return URI.create("ws://silent/");
  }

  @Override
  public void until(BooleanSupplier condition) {
    network.runUntil(condition, Duration.ofSeconds(10));
  }

  @Override
  public void pass(Duration time) {
    network.advance(time);
  }

  @Override
  public void close() {
    dialer.close();
  }
}
