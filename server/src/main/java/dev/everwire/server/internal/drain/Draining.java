package dev.everwire.server.internal.drain;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Carries out a drain: feeds a {@link DrainCourse} on one loop, and asks every loop for what it
 * wants. Safe from any thread; nobody waits.
 */
public final class Draining {
  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Loop home;
  private final Crowd crowd;
  private final Map<Loop, LoopDrain> loops = new HashMap<>(); // as it was made
  private final DrainCourse course;
  private final long begin;
  private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

  // what loops have told and home has not yet heard
  private final AtomicBoolean poked = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger all = new AtomicInteger(); // who was there or came

  // home only
  private final Map<LoopDrain, View> views = new HashMap<>();
  private final Set<LoopDrain> exhausted = new HashSet<>(); // nobody is left to be asked there
  private Phase phase = new Phase.Beginning();
  private long dropped;

  /**
   * @param loops all that connections live on; the first keeps the time
   */
  public Draining(Crowd crowd, List<Loop> loops, DrainPlan plan, RandomGenerator random) {
    this.home = loops.getFirst();
    this.crowd = crowd;
    loops.forEach(loop -> this.loops.put(loop, new LoopDrain(loop, crowd, plan, random)));
    this.begin = home.now();
    this.course = new DrainCourse(plan, begin);
  }

  /** Begins, once. Nobody may come in any more. */
  public void begin() {
    all.addAndGet(crowd.size());
    run(home, () -> take(course.begin()));
  }

  /** How long to wait for the report: longer than it takes unless a loop hangs. */
  public Duration atMost() {
    return course.atMost().plus(SLACK);
  }

  /** Completes once, when nobody is left or the time is over. */
  public CompletableFuture<DrainReport> report() {
    return report;
  }

  /** One more connection that came too late. */
  public void came() {
    all.incrementAndGet();
  }

  /** The connection has ended. On its loop, after it has left the crowd. */
  public void left(Transport transport) {
    LoopDrain there = loops.get(transport.loop());
    if (there != null && there.left(transport)) {
      answered.incrementAndGet();
    }
    poke();
  }

  /** Ends it at once, for instance because its loop has ended; whoever is there has failed. */
  public void giveUp() {
    report.complete(
        new DrainReport(
            tally().gone(), crowd.size(), 0, 0, Duration.ofNanos(Math.max(0, home.now() - begin))));
  }

  private void poke() {
    if (poked.compareAndSet(false, true)) {
      run(
          home,
          () -> {
            poked.set(false);
            feed(new Input.Left(tally(), answered.getAndSet(0)));
          });
    }
  }

  // ---- home

  private void feed(Input input) {
    take(course.step(phase, input, home.now()));
  }

  private void take(Step step) {
    phase = step.phase();
    step.effects().forEach(this::carryOut);
    if (phase instanceof Phase.Done(DrainReport done)) {
      report.complete(done);
    }
  }

  private Tally tally() {
    int open = crowd.size();
    return new Tally(open, Math.max(0, all.get() - open), dropped);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.WakeAt(long at) -> at(at, () -> feed(new Input.Wake(tally())));
      case Effect.LookAt(long at) -> at(at, this::look);
      case Effect.Tell tell -> tell(tell);
      case Effect.Refuse() ->
          loops.values().forEach(there -> run(there.loop(), there::refuseCalls));
      case Effect.Close(int more) -> close(more);
      case Effect.Cut() -> cut();
    }
  }

  private void at(long at, Runnable task) {
    long delay = at - home.now();
    if (delay <= 0) {
      run(home, task);
    } else if (!report.isDone()) {
      var unused = home.schedule(delay, task);
    }
  }

  private void look() {
    if (report.isDone()) {
      return;
    }
    gather(
        LoopDrain::look,
        View.NOBODY,
        (there, view) -> views.put(there, view),
        () ->
            feed(
                new Input.Looked(
                    tally(), views.values().stream().reduce(View.NOBODY, View::plus))));
  }

  /** Each loop tells its share of those who have to be told. */
  private void tell(Effect.Tell tell) {
    long untold = views.values().stream().mapToInt(View::untold).sum();
    int left = tell.most();
    for (Map.Entry<LoopDrain, View> each : views.entrySet()) {
      long wanted = (tell.most() * (long) each.getValue().untold() + untold - 1) / untold;
      int share = (int) Math.min(left, wanted);
      left -= share;
      LoopDrain there = each.getKey();
      run(there.loop(), () -> there.tell(share, tell.jitter(), tell.closeIn()));
    }
  }

  /** Loops that still have some to close share it; what one cannot do, the others do. */
  private void close(int more) {
    List<LoopDrain> able =
        loops.values().stream().filter(there -> !exhausted.contains(there)).toList();
    int left = more;
    for (int i = 0; i < able.size() && left > 0; i++) {
      int share = Math.ceilDiv(left, able.size() - i);
      left -= share;
      LoopDrain there = able.get(i);
      ask(
          there,
          () -> there.close(share),
          new LoopDrain.Begun(0, 0),
          begun -> begun(there, share, begun));
    }
  }

  private void begun(LoopDrain there, int wanted, LoopDrain.Begun begun) {
    dropped += begun.dropped();
    if (begun.closes() < wanted) {
      exhausted.add(there);
      close(wanted - begun.closes());
    }
    poke(); // perhaps nobody was there any more
  }

  private void cut() {
    var failed = new AtomicInteger();
    gather(
        LoopDrain::cut,
        new LoopDrain.Cut(0, 0),
        (there, cut) -> {
          failed.addAndGet(cut.failed());
          dropped += cut.dropped();
        },
        () -> feed(new Input.Cut(tally(), failed.get())));
  }

  // ---- between the loops

  /** Asks all loops; each answer and then the end are told at home. */
  private <T> void gather(
      Function<LoopDrain, T> question, T nothing, BiConsumer<LoopDrain, T> each, Runnable end) {
    var missing = new AtomicInteger(loops.size());
    for (LoopDrain there : loops.values()) {
      ask(
          there,
          () -> question.apply(there),
          nothing,
          answer -> {
            each.accept(there, answer);
            if (missing.decrementAndGet() == 0) {
              end.run();
            }
          });
    }
  }

  /**
   * @param nothing the answer of a loop that has ended
   */
  private <T> void ask(LoopDrain there, Supplier<T> question, T nothing, Consumer<T> answer) {
    boolean asked =
        run(
            there.loop(),
            () -> {
              T told = question.get();
              run(home, () -> answer.accept(told));
            });
    if (!asked) {
      run(home, () -> answer.accept(nothing));
    }
  }

  /** False if the loop has ended, and its connections with it. */
  private static boolean run(Loop loop, Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
