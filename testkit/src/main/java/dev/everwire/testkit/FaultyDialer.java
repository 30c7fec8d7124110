package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Dials with another dialer and cuts what comes of it, also on real transports. Counts payload
 * bytes of messages. What was sent just before a cut may be lost with it, as on a real network.
 */
public final class FaultyDialer implements Dialer {
  private final Dialer real;
  private final IntFunction<CutPlan> plans;
  private final AtomicInteger connections = new AtomicInteger();

  /** The same plan for every connection. */
  public FaultyDialer(Dialer real, CutPlan plan) {
    this(real, connection -> plan);
  }

  /**
   * @param plans for the connections as they open, from 0
   */
  public FaultyDialer(Dialer real, IntFunction<CutPlan> plans) {
    this.real = real;
    this.plans = plans;
  }

  @Override
  public Loop loop() {
    return real.loop();
  }

  @Override
  public Attempt dial(Request request, Loop loop, Result result) {
    return real.dial(
        request,
        loop,
        new Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            CutPlan plan = plans.apply(connections.getAndIncrement());
            var faulty = new FaultyTransport(transport, plan);
            faulty.receiver(result.opened(faulty, subprotocol));
            return faulty.inbound();
          }

          @Override
          public void failed(Failure failure) {
            result.failed(failure);
          }
        });
  }

  @Override
  public void close() {
    real.close();
  }
}
