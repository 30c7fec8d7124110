package dev.everwire.server.authorisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.TestPeer;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authoriser;
import dev.everwire.session.contract.Restricted;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.contract.Subscription;
import dev.everwire.session.stream.ItemStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What was subscribed to by calling a method ends as a topic does when it is not allowed. */
final class SubscribedByMethodTest extends Guarded {
  private static final Duration SOON = Duration.ofSeconds(60);

  interface Ticks {
    @Rpc
    @Restricted(roles = "agent")
    @Subscription(unsubscribe = "ticks.end", notification = "ticks.tick")
    ItemStream<Integer> begin();
  }

  private final BlockingQueue<Integer> ticks = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();

  @Test
  void itEndsWhenARuleForbidsTheMethod() {
    serve(AccessRules.of(AccessRule.allow(Action.CALL).on("**").toAnyone()));
    TestPeer peer = subscribed();

    serving()
        .access()
        .authoriser(AccessRules.of(AccessRule.deny(Action.CALL).on("ticks.*").toAnyone()));
    itEnds();
    assertThat(code(peer, "ticks.begin", "{}")).isEqualTo(FORBIDDEN);
    assertThat(audit).anyMatch(AuditEvent.SubscriptionEnded.class::isInstance);
  }

  @Test
  void itEndsWithATokenThatHasNotTheRoleAnyMore() {
    serve(null);
    TestPeer peer = subscribed();

    assertThat(code(peer, "rpc.auth", "{\"token\":\"alice:guest:\"}")).isZero();
    itEnds();
  }

  @Test
  void itGoesOnWhileItIsAllowed() {
    serve(AccessRules.of(AccessRule.allow(Action.CALL).on("**").toAnyone()));
    TestPeer peer = subscribed();

    serving().access().changed(null);
    assertThat(code(peer, "rpc.auth", "{\"token\":\"alice:agent,other:\"}")).isZero();
    ticks.add(2);
    network.runUntil(() -> peer.heardBoth("ticks.tick", "\"result\":2"), SOON);
    assertThat(open).hasValue(1);
  }

  private void serve(@Nullable Authoriser authoriser) {
    server =
        started(
            builder(authoriser)
                .workers(task -> Thread.ofVirtual().start(task))
                .expose(Ticks.class, this::produced));
  }

  private ItemStream<Integer> produced() {
    return ItemStream.produce(sink -> {
      open.incrementAndGet();
      try {
        while (true) {
          sink.put(ticks.take());
        }
      } finally {
        open.decrementAndGet();
      }
    });
  }

  private TestPeer subscribed() {
    TestPeer peer = dial("alice:agent:");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ticks.begin\"}");
    ticks.add(1);
    network.runUntil(() -> peer.heardBoth("ticks.tick", "\"result\":1"), SOON);
    peer.heard();
    return peer;
  }

  private void itEnds() {
    network.runUntil(() -> open.get() == 0, SOON);
  }
}
