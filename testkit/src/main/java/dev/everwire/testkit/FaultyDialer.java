package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Dials with another dialer and lets {@link Faults} befall what comes of it, so that real
 * transports fail as a {@link MemoryNetwork} does. Safe from any thread.
 *
 * <p>What differs: payload bytes of messages are counted; a dial that succeeds is not delayed, nor
 * are pings and pongs; what was sent just before a cut may be lost with it; and where only {@link
 * Way#UP} is silent, the real transport still answers pings (a {@link TcpProxy} that is silent that
 * way swallows those as well). Connections that nobody is told of the end of stay open until the
 * peer gives them up or the dialer is closed.
 */
public final class FaultyDialer implements Dialer {
  private final Dialer real;
  private final Faults faults;
  private final AtomicInteger dials = new AtomicInteger();

  /** The same plan for every connection. */
  public FaultyDialer(Dialer real, CutPlan plan) {
    this(real, Faults.always(Faults.Plan.NONE.cut(plan)));
  }

  public FaultyDialer(Dialer real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  @Override
  public Loop loop() {
    return real.loop();
  }

  @Override
  public Attempt dial(Request request, Loop loop, Result result) {
    Faults.Plan plan = faults.next(dials.getAndIncrement());
    var dial = new Dial(request, plan, result);
    dial.begin(loop);
    return dial;
  }

  @Override
  public void close() {
    real.close();
  }

  private final class Dial implements Attempt, Result {
    private final Request request;
    private final Faults.Plan plan;
    private final Result result;
    private volatile boolean cancelled; // set from any thread, seen on the loop
    private volatile @Nullable Attempt attempt; // as cancelled
    private volatile Loop.@Nullable Timer timer; // as cancelled

    Dial(Request request, Faults.Plan plan, Result result) {
      this.request = request;
      this.plan = plan;
      this.result = result;
    }

    void begin(Loop loop) {
      String host = request.uri().getHost();
      switch (plan.answer()) {
        case CONNECT -> attempt = real.dial(request, loop, this);
        case REFUSE -> loop.execute(() -> fail("nothing answers at " + host));
        case SILENCE -> failLate(loop, host);
        case TWICE -> {
          Attempt unused = real.dial(request, loop, new Abandoned());
          attempt = real.dial(request, loop, this);
        }
        case LATE -> {
          Attempt unused = real.dial(request, loop, new Abandoned());
          failLate(loop, host);
        }
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      Attempt underWay = attempt;
      if (underWay != null) {
        underWay.cancel();
      }
      Loop.Timer waiting = timer;
      if (waiting != null) {
        waiting.cancel();
      }
    }

    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      var faulty = new FaultyTransport(transport, plan, request.limits());
      faulty.receiver(result.opened(faulty, subprotocol));
      return faulty.inbound();
    }

    @Override
    public void failed(Failure failure) {
      result.failed(failure);
    }

    private void failLate(Loop loop, String host) {
      timer =
          loop.schedule(
              request.timeout().toNanos(),
              () -> fail(host + " gave no answer within " + request.timeout()));
    }

    private void fail(String message) {
      if (!cancelled) {
        result.failed(new Failure(0, message, null));
      }
    }
  }

  /** A connection that nobody holds: it stays open, and nothing is read from it. */
  private static final class Abandoned implements Result, Receiver {
    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      transport.loop().execute(() -> transport.reading(false)); // it does not know us yet
      return this;
    }

    @Override
    public void failed(Failure failure) {}

    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
