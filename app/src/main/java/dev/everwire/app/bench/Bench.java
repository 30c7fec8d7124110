package dev.everwire.app.bench;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one benchmark: opens the connections, warms up, measures, waits for what is still
 * under way, closes. Everything on the wire happens on one event loop, so on one core; for more
 * load start several. For one run.
 */
public final class Bench {
  private static final Duration CONNECT_WITHIN = Duration.ofMinutes(2);
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(5);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);
  private static final Duration LOOP_ANSWERS_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);

  private final Plan plan;
  private final String name;
  private final Dialer dialer;
  private final Loop loop;
  private final @Nullable ServerProcess server;
  private final Consumer<String> progress;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final Tally tally = new Tally(this::fail);

  /**
   * @param dialer opens the connections; stays open
   * @param server to look at meanwhile, or null
   * @param progress is told a line about every second
   */
  public Bench(
      Plan plan,
      String name,
      Dialer dialer,
      @Nullable ServerProcess server,
      Consumer<String> progress) {
    this.plan = plan;
    this.name = name;
    this.dialer = dialer;
    this.loop = dialer.loop();
    this.server = server;
    this.progress = progress;
  }

  /** Against a server that sends every message back. */
  public Report echo(boolean binary) throws InterruptedException {
    return run(new LaneLoad(plan, tally, EchoLane.kind(plan.size(), binary)), false);
  }

  /**
   * Against a JSON-RPC server.
   *
   * @param params null sends text that is unlike any other, which the method has to give back
   */
  public Report rpc(String method, @Nullable RawJson params) throws InterruptedException {
    return run(new LaneLoad(plan, tally, RpcLane.kind(method, params, plan.size())), false);
  }

  /**
   * One publisher and many subscribers.
   *
   * @param topic null for a server that sends everything it receives to everybody
   */
  public Report fanout(@Nullable String topic) throws InterruptedException {
    return run(new FanoutLoad(plan, tally, topic), false);
  }

  /**
   * Connections that only stay.
   *
   * @param hello whether each begins an Everwire session
   * @param resumable whether it begins one that outlives it
   */
  public Report idle(boolean hello, boolean resumable) throws InterruptedException {
    return run(new IdleLoad(plan, tally, hello, resumable), true);
  }

  /** Sessions that are all cut at once and go on; over when all are back. */
  public Report storm() throws InterruptedException {
    return run(new StormLoad(plan, tally), false);
  }

  private Report run(Load load, boolean idle) throws InterruptedException {
    Usage atRest = usage(idle);
    Crowd crowd = new Crowd(dialer, loop, load, this::fail, () -> ready.complete(null));
    try {
      loop.execute(crowd::open);
      await(CONNECT_WITHIN, ready::isDone, () -> crowd.ready() + " connections are ready");
      Usage connected = usage(false);
      Pacer pacer = plan.open() ? begin(load) : null;
      try {
        if (pacer == null) {
          loop.execute(() -> load.start(System.nanoTime()));
        }
        spend(plan.warmup(), "warming up", () -> false);
        onLoop(() -> {
          tally.restart();
          return "";
        });
        Usage from = usage(false);
        spend(plan.duration(), idle ? "holding" : "measuring", load::over);
        var latency = onLoop(tally::latency);
        Usage to = usage(idle);
        finish(load);
        return new Report(
            name, plan, atRest, connected, from, to, latency, load.connections(), faults(load));
      } finally {
        if (pacer != null) {
          pacer.close();
        }
      }
    } finally {
      onLoop(() -> {
        tally.stop();
        crowd.close();
        return "";
      });
      waitAtMost(CLOSE_WITHIN, () -> onLoop(() -> tally.ended() >= crowd.opened()));
    }
  }

  private Pacer begin(Load load) throws InterruptedException {
    onLoop(() -> {
      load.start(System.nanoTime());
      return "";
    });
    return Pacer.start(loop, load);
  }

  private void finish(Load load) throws InterruptedException {
    onLoop(() -> {
      tally.stop();
      return "";
    });
    waitAtMost(DRAIN_WITHIN, () -> onLoop(load::underWay) == 0);
  }

  private Tally.Faults faults(Load load) throws InterruptedException {
    return onLoop(() -> {
      long lost = load.underWay();
      if (lost > 0) {
        tally.missing(lost);
      }
      return tally.faults();
    });
  }

  private Usage usage(boolean heap) throws InterruptedException {
    ServerProcess own = ServerProcess.self();
    Long live = heap && server != null ? server.liveHeapBytes() : null;
    return new Usage(
        System.nanoTime(),
        server == null ? 0 : server.cpuSeconds(),
        server == null ? 0 : server.residentBytes(),
        live,
        own == null ? 0 : own.cpuSeconds());
  }

  /** Lets time pass while the load runs, unless it is over before. */
  private void spend(Duration time, String what, Supplier<Boolean> over)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long before = onLoop(tally::messages);
    while (true) {
      long left = end - System.nanoTime();
      if (left <= 0 || onLoop(over)) {
        return;
      }
      pause(Math.min(left, PROGRESS_EVERY.toNanos()));
      long now = onLoop(tally::messages);
      progress.accept(
          what
              + ", "
              + Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime() + 500_000_000))
              + " s left, "
              + (now - before)
              + " messages");
      before = now;
    }
  }

  private void await(Duration time, BooleanSupplier done, Supplier<String> what)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long nextLine = System.nanoTime() + PROGRESS_EVERY.toNanos();
    while (!done.getAsBoolean()) {
      long now = System.nanoTime();
      if (now - end > 0) {
        throw new BenchException(onLoop(what) + " after " + time.toSeconds() + " s, not all");
      }
      if (now - nextLine > 0) {
        progress.accept(onLoop(what));
        nextLine = now + PROGRESS_EVERY.toNanos();
      }
      pause(LOOK_AGAIN.toNanos());
    }
  }

  /** A condition that asks the loop. */
  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private void waitAtMost(Duration time, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.holds() && System.nanoTime() - end < 0) {
      TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
    }
  }

  /** Waits, unless the benchmark fails meanwhile. */
  private void pause(long nanos) throws InterruptedException {
    try {
      failed.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // as it should be
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BenchException why ? why : new IllegalStateException(e);
    }
  }

  private <T> T onLoop(Supplier<T> question) throws InterruptedException {
    try {
      return CompletableFuture.supplyAsync(question, loop)
          .get(LOOP_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new BenchException("the generator itself is overloaded: use less load");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void fail(String sentence) {
    failed.completeExceptionally(new BenchException(sentence));
  }
}
