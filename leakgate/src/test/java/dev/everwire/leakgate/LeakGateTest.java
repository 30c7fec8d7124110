package dev.everwire.leakgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherFactory;

/** The gate's own detector here, so that what leaks on purpose does not fail this module's run. */
class LeakGateTest {
  private final Leaks leaks = new Leaks();
  private final ResourceLeakDetector<Object> detector = leaks.detector(Object.class);

  @Test
  void aRunThatLeakedFails() {
    LauncherSession session = session();
    dropWithoutRelease();
    assertThatThrownBy(session::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("1 leaked and not released:\nObject")
        .hasMessageContaining("LeakGateTest.dropWithoutRelease");
  }

  @Test
  void aRunThatReleasedAllPasses() {
    LauncherSession session = session();
    Object resource = new Object();
    ResourceLeakTracker<Object> tracker = detector.track(resource);
    tracker.close(resource);
    assertThatCode(session::close).doesNotThrowAnyException();
  }

  @Test
  void aFewLeaksOfManyAreShown() {
    for (int i = 0; i < 7; i++) {
      detector.track(new Object()).record("leak " + i);
    }
    assertThatThrownBy(leaks::assertNone)
        .hasMessageStartingWith("7 leaked and not released:")
        .message()
        .containsPattern("(?s)(leak \\d.*){5}")
        .doesNotContainPattern("(?s)(leak \\d.*){6}");
  }

  @Test
  void junitFindsTheGateAndNettyHasItsDetectors() {
    assertThat(ServiceLoader.load(LauncherSessionListener.class))
        .hasAtLeastOneElementOfType(LeakGate.class);
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
    try {
      assertThat(buffer.getClass().getSimpleName()).contains("LeakAware");
    } finally {
      buffer.release();
    }
  }

  private void dropWithoutRelease() {
    detector.track(new Object()).record("dropped");
  }

  private LauncherSession session() {
    return LauncherFactory.openSession(
        LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .addLauncherSessionListeners(new LeakGate(leaks))
            .build());
  }
}
