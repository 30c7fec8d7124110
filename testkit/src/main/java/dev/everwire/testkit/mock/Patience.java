package dev.everwire.testkit.mock;

import dev.everwire.testkit.Await;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How a {@link MockServer} waits for what is to come: by real time, or by running a network. */
public interface Patience {

  /**
   * Waits until something is so.
   *
   * @throws AssertionError if it does not come true within some seconds of real time
   */
  void until(BooleanSupplier condition);

  /**
   * Lets everything happen that can happen at this moment.
   *
   * @return false if nobody can say whether that was all
   */
  boolean settle();

  /** Over real sockets: waits up to 10 s. */
  static Patience real() {
    return waitingBy(Await::until);
  }

  /** Over real sockets, waiting in some other way. */
  static Patience waitingBy(Until until) {
    return new Patience() {
      @Override
      public void until(BooleanSupplier condition) {
        until.until(condition);
      }

      @Override
      public boolean settle() {
        return false;
      }
    };
  }

  /** In memory: runs the network's loops. Its time is moved by the test only. */
  static Patience of(MemoryNetwork network) {
    return new Patience() {
      @Override
      public void until(BooleanSupplier condition) {
        network.runUntil(condition, Duration.ofSeconds(10));
      }

      @Override
      public boolean settle() {
        network.runUntilIdle();
        return true;
      }
    };
  }

  /** Waits, or fails with an {@link AssertionError}. */
  @FunctionalInterface
  interface Until {
    void until(BooleanSupplier condition);
  }
}
