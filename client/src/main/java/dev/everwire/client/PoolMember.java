package dev.everwire.client;

import dev.everwire.client.internal.pool.Chooser;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client of a pool, and what the pool knows of it. Safe from any thread. */
final class PoolMember implements Chooser.Standing, Conversation.Watch {

  /** Hears of the member, on the member's loop. */
  interface Listener {
    void ready(PoolMember member);

    /** It was not ready for so long that its topics should go elsewhere. */
    void lost(PoolMember member);

    /** It will never be ready again; its topics end when this returns, unless they left. */
    void gone(PoolMember member);
  }

  private final String name;
  private final Client client;
  private final Duration grace;
  private final Listener listener;
  private final AtomicInteger pending = new AtomicInteger();

  // Written on the member's loop, read by anybody.
  private volatile boolean ready;
  private volatile boolean gone;
  private Loop.@Nullable Timer patience; // of the loop only; while it is not ready

  PoolMember(String name, Client client, Duration grace, Listener listener) {
    this.name = name;
    this.client = client;
    this.grace = grace;
    this.listener = listener;
  }

  /** From now on it is known how the client stands. */
  void watch() {
    Conversation conversation = client.conversation();
    if (!home().execute(() -> conversation.watch(this))) {
      gone = true;
    }
  }

  Client client() {
    return client;
  }

  Home home() {
    return client.topicCalls().home();
  }

  /** Calls under way. */
  int pending() {
    return pending.get();
  }

  void begun() {
    pending.incrementAndGet();
  }

  void ended() {
    pending.decrementAndGet();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean ready() {
    return ready;
  }

  @Override
  public boolean gone() {
    return gone;
  }

  @Override
  public void online() {
    ready = true;
    forgetPatience();
    listener.ready(this);
  }

  @Override
  public void offline() {
    ready = false;
    if (patience == null && !gone) {
      try {
        patience = home().keeper().loop().schedule(grace.toNanos(), this::outOfPatience);
      } catch (RejectedExecutionException e) {
        gone = true; // its loop ends, and everything with it
      }
    }
  }

  @Override
  public void ending() {
    ready = false;
    gone = true;
    forgetPatience();
    listener.gone(this);
  }

  private void outOfPatience() {
    patience = null;
    if (!ready && !gone) {
      listener.lost(this);
    }
  }

  private void forgetPatience() {
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
  }
}
