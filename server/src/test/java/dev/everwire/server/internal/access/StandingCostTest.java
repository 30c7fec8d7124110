package dev.everwire.server.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.memory.MemoryRevocations;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Restriction;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.MemoryNetwork;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs that everything is asked about. */
class StandingCostTest {
  private static final Exposed METHOD = Exposed.of("a", call -> null, Execution.NON_BLOCKING);
  private static final int TIMES = 200_000;

  @Test
  void whereNothingIsDemandedACallAllocatesNothing() {
    Standing standing = standing(new Permissions(null, null, new Audit(null)));
    assertThat(opens(standing, METHOD)).isEqualTo(TIMES); // warm

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int opened = opens(standing, METHOD);
    long after = threads.getCurrentThreadAllocatedBytes();

    assertThat(opened).isEqualTo(TIMES);
    assertThat(after - before).isLessThan(TIMES / 10); // what the measuring costs
  }

  @Test
  void aCallIsAskedAboutWhereThereIsSomebodyToAskOrARestriction() {
    Permissions permissions = new Permissions(null, null, new Audit(null));
    Standing standing = standing(permissions);
    assertThat(standing.open(METHOD)).isTrue();
    assertThat(standing.open(METHOD.restrictedTo(Restriction.KNOWN))).isFalse();

    permissions.authoriser(new AccessRules(List.of()));
    assertThat(standing.open(METHOD)).isFalse();
  }

  @Test
  void nothingIsOpenToWhoHasNotShownWhoItIs() {
    Permissions permissions = new Permissions(null, null, new Audit(null));
    Standing stranger =
        new Standing(
            new Authentications(Authentication.NONE, new MemoryRevocations(), new Audit(null)),
            permissions,
            new Nobody(),
            new Pass(null, null));

    assertThat(stranger.open(METHOD)).isFalse();
  }

  private static int opens(Standing standing, Exposed method) {
    int opened = 0;
    for (int i = 0; i < TIMES; i++) {
      opened += standing.open(method) ? 1 : 0;
    }
    return opened;
  }

  private static Standing standing(Permissions permissions) {
    return new Standing(
        new Authentications(Authentication.NONE, new MemoryRevocations(), new Audit(null)),
        permissions,
        new Nobody(),
        Pass.UNASKED);
  }

  private static final class Nobody implements Standing.Lodger {
    @Override
    public String path() {
      return "/ws";
    }

    @Override
    public String remoteAddress() {
      return "nobody:1";
    }

    private final Loop loop = new MemoryNetwork().dialer().loop();

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public boolean open() {
      return true;
    }

    @Override
    public void limitMessages(int maxBytes) {}

    @Override
    public void close(int code, String reason) {}

    @Override
    public void expiring(Duration in) {}
  }
}
