package dev.everwire.testkit;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The two pipes of a connection, and how they break. The driving thread only. */
final class MemoryLink {
  private final MemoryNetwork network;
  private final CutPlan cut;
  private final MemoryPipe up;
  private final MemoryPipe down;
  private Loop.@Nullable Timer breaking;

  private MemoryLink(MemoryNetwork network, Faults.Plan plan) {
    this.network = network;
    this.cut = plan.cut();
    long window = network.window();
    this.up = pipe(Way.UP, window, plan, cut.afterSent());
    this.down = pipe(Way.DOWN, window, plan, cut.afterReceived());
  }

  private static MemoryPipe pipe(Way way, long window, Faults.Plan plan, long cutAfter) {
    return new MemoryPipe(
        way == Way.UP, window, n -> plan.underWay(way, n), cutAfter, plan.cut().silences(way));
  }

  /** Opens the acceptor's end. */
  static MemoryLink open(
      MemoryNetwork network,
      MemoryListener.Bound there,
      MemoryLoop far,
      Faults.Plan plan,
      Acceptor.Accept accept,
      String remote) {
    var link = new MemoryLink(network, plan);
    var server =
        new MemoryTransport(
            far,
            accept.limits(),
            true,
            remote,
            link.up,
            link.down,
            link::sever,
            ended -> {
              link.over();
              there.ended(ended);
            });
    there.opened(server);
    Duration after = link.cut.after();
    if (after != null) {
      link.breaking = far.schedule(after.toNanos(), link::sever);
    }
    server.start(accept.open());
    return link;
  }

  MemoryTransport dialersEnd(
      MemoryLoop loop, TransportLimits limits, String remote, Consumer<MemoryTransport> whenEnded) {
    return new MemoryTransport(loop, limits, false, remote, down, up, this::sever, whenEnded);
  }

  /** The dialer wanted it no longer when it was open. */
  void abandon(long now) {
    up.reset(now);
  }

  private void sever() {
    long now = network.time().now();
    CutPlan.Told told = cut.told();
    if (cut.silences(Way.UP)) {
      up.sever(told == CutPlan.Told.BOTH || told == CutPlan.Told.ACCEPTOR, now);
    }
    if (cut.silences(Way.DOWN)) {
      down.sever(told == CutPlan.Told.BOTH || told == CutPlan.Told.DIALER, now);
    }
  }

  private void over() {
    if (breaking != null) {
      breaking.cancel();
    }
  }
}
