package dev.everwire.app.bench;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens the connections of a load, some at once, and closes them. Event loop only. */
final class Crowd {
  private static final int DIALS_AT_ONCE = 64;
  private static final Duration DIAL_WITHIN = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
  private static final int NORMAL = 1000;

  private final Dialer dialer;
  private final Loop loop;
  private final Load load;
  private final Dialer.Request request;
  private final Consumer<String> failed;
  private final Runnable allReady;
  private final List<Transport> transports;
  private int dialled;
  private int ready;

  /**
   * @param failed is told, once or more, why not all can be had
   */
  Crowd(Dialer dialer, Loop loop, Load load, Consumer<String> failed, Runnable allReady) {
    Plan plan = load.plan;
    this.dialer = dialer;
    this.loop = loop;
    this.load = load;
    this.failed = failed;
    this.allReady = allReady;
    this.transports = new ArrayList<>(load.connections());
    load.redial(this::again);
    long queue = 2L * plan.window() * (plan.size() + 512L) + 64 * 1024;
    this.request =
        new Dialer.Request(
            plan.uri(),
            Map.of(),
            List.of(),
            DIAL_WITHIN,
            new TransportLimits(
                load.longestMessage(), 2 * queue, 4 * plan.window() + 100, CLOSE_WITHIN));
  }

  void open() {
    for (int i = 0; i < Math.min(DIALS_AT_ONCE, load.connections()); i++) {
      dialNext();
    }
  }

  int ready() {
    return ready;
  }

  int opened() {
    return transports.size();
  }

  void close() {
    transports.forEach(transport -> transport.close(NORMAL, ""));
  }

  private void dialNext() {
    int index = dialled++;
    var unused =
        dialer.dial(
            request,
            loop,
            new Dialer.Result() {
              @Override
              public Receiver opened(Transport transport, @Nullable String subprotocol) {
                transports.add(transport);
                if (dialled < load.connections()) {
                  dialNext();
                }
                return load.open(index, transport, Crowd.this::oneReady);
              }

              @Override
              public void failed(Dialer.Failure failure) {
                failed.accept("connection " + (index + 1) + ": " + failure.message());
              }
            });
  }

  private void again(Function<Transport, Receiver> open, Runnable lost) {
    var unused =
        dialer.dial(
            request,
            loop,
            new Dialer.Result() {
              @Override
              public Receiver opened(Transport transport, @Nullable String subprotocol) {
                transports.add(transport);
                return open.apply(transport);
              }

              @Override
              public void failed(Dialer.Failure failure) {
                lost.run();
              }
            });
  }

  private void oneReady() {
    ready++;
    if (ready == load.connections()) {
      allReady.run();
    }
  }
}
