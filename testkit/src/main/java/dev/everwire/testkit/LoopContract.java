package dev.everwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every loop does with tasks and timers. */
public abstract class LoopContract extends TransportSuite {

  @Test
  void tasksRunInTheOrderTheyWereGiven() {
    Loop loop = world().dialer().loop();
    List<Integer> ran = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      loop.execute(() -> ran.add(number));
    }
    world().until(() -> ran.size() == 1000);
    assertThat(ran).isSorted();
  }

  @Test
  void tasksOfEachThreadKeepTheirOrder() throws InterruptedException {
    Loop loop = world().dialer().loop();
    List<List<Integer>> ran = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var count = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (List<Integer> own : ran) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < 1000; i++) {
              int number = i;
              loop.execute(() -> {
                own.add(number);
                count.incrementAndGet();
              });
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    world().until(() -> count.get() == 3000);
    for (List<Integer> own : ran) {
      assertThat(own).hasSize(1000).isSorted();
    }
  }

  @Test
  void onlyTasksAreInTheLoop() {
    Loop loop = world().dialer().loop();
    assertThat(loop.inLoop()).isFalse();
    assertThat(loop.inAnyLoop()).isFalse();
    assertThat(on(loop, loop::inLoop)).isTrue();
    for (Loop other : listening().loops()) {
      assertThat(on(loop, other::inLoop)).isFalse();
      assertThat(on(other, other::inLoop)).isTrue();
      assertThat(on(other, loop::inAnyLoop)).isTrue();
    }
  }

  @Test
  void aTaskThatThrowsDoesNotEndTheLoop() {
    Loop loop = world().dialer().loop();
    loop.execute(() -> {
      throw new IllegalStateException("expected by a test");
    });
    assertThat(on(loop, () -> "alive")).isEqualTo("alive");
  }

  @Test
  void timersRunInTheOrderOfTheirTimesAndNeverEarly() {
    Loop loop = world().dialer().loop();
    List<Integer> ran = new CopyOnWriteArrayList<>();
    List<Long> early = new CopyOnWriteArrayList<>();
    loop.execute(() -> {
      for (int millis : new int[] {260, 140, 200, 20, 80}) {
        long delay = Duration.ofMillis(millis).toNanos();
        long due = loop.now() + delay;
        loop.schedule(
            delay,
            () -> {
              ran.add(millis);
              if (loop.now() - due < 0) {
                early.add(due);
              }
            });
      }
    });
    world().pass(Duration.ofMillis(400));
    world().until(() -> ran.size() == 5);
    assertThat(ran).containsExactly(20, 80, 140, 200, 260);
    assertThat(early).isEmpty();
  }

  @Test
  void aCancelledTimerDoesNotRun() {
    Loop loop = world().dialer().loop();
    List<String> ran = new CopyOnWriteArrayList<>();
    Loop.Timer first = loop.schedule(Duration.ofMillis(60).toNanos(), () -> ran.add("first"));
    Loop.Timer second =
        on(loop, () -> loop.schedule(Duration.ofMillis(60).toNanos(), () -> ran.add("second")));
    Loop.Timer third = loop.schedule(Duration.ofMillis(60).toNanos(), () -> ran.add("third"));
    first.cancel();
    first.cancel();
    assertThat(
            on(
                loop,
                () -> {
                  second.cancel();
                  return true;
                }))
        .isTrue();
    world().pass(Duration.ofMillis(250));
    world().until(() -> !ran.isEmpty());
    assertThat(ran).containsExactly("third");
    third.cancel();
  }

  @Test
  void aTimerWithoutDelayRunsWithTheNextPass() {
    Loop loop = world().dialer().loop();
    var ran = new AtomicInteger();
    assertThat(loop.schedule(0, ran::incrementAndGet)).isNotNull();
    assertThat(loop.schedule(-5, ran::incrementAndGet)).isNotNull();
    world().until(() -> ran.get() == 2);
  }

  @Test
  void timersMayScheduleTimers() {
    Loop loop = world().dialer().loop();
    var ran = new AtomicInteger();
    var again =
        new Runnable() {
          @Override
          public void run() {
            if (ran.incrementAndGet() < 3) {
              loop.schedule(1, this);
            }
          }
        };
    loop.execute(again);
    world().pass(Duration.ofMillis(200));
    world().until(() -> ran.get() == 3);
  }
}
