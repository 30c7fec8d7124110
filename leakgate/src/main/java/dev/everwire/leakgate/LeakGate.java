package dev.everwire.leakgate;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Switches Netty's leak detection to paranoid before the first test of a JVM, and fails the run
 * after its last if a buffer was dropped without being released. JUnit finds it by itself wherever
 * this module is on the test class path.
 */
public final class LeakGate implements LauncherSessionListener {
  private static final Leaks OF_THIS_JVM = new Leaks();

  static {
    OF_THIS_JVM.followAll();
  }

  private final Leaks leaks;

  public LeakGate() {
    this(OF_THIS_JVM);
  }

  LeakGate(Leaks leaks) {
    this.leaks = leaks;
  }

  /** What leaked up to now. Takes a garbage collection. */
  public static void assertNoLeaks() {
    OF_THIS_JVM.assertNone();
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    leaks.assertNone(); // thrown here, it is an error of the whole run
  }
}
