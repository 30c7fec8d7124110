package dev.everwire.client;

import dev.everwire.client.internal.pool.Chooser;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.PoolStrategy;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Peer;
import dev.everwire.session.stream.ItemStream;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Several connections to one service, used as one. Safe from any thread.
 *
 * <p>A call goes to a member that is ready, if there is one; else to one that may become so, with
 * what that means for calls without a connection. It is made once: if its connection is lost it
 * ends as with a single {@link Client}.
 *
 * <p>A topic is followed by one member, however many subscribe to it. If that member is away for
 * long, or for good, its topics go to another that is ready, and each subscription goes on behind
 * its last event: without a gap if the service can continue from there, else with an {@link
 * Event.Gap}. They stay there when the first comes back.
 */
public final class ClientPool implements Peer, AutoCloseable {
  /** Connections and threads are gone by then. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private final List<PoolMember> members;
  private final ReentrantLock lock = new ReentrantLock();
  private final Chooser chooser; // guarded by lock
  private final PoolTopics topics;
  private final CompletableFuture<Void> firstReady = new CompletableFuture<>();

  ClientPool(
      int size, IntFunction<ClientBuilder> member, PoolStrategy strategy, Duration moveAfter) {
    List<PoolMember> all = new ArrayList<>();
    this.chooser = new Chooser(strategy);
    this.topics = new PoolTopics(all, new Chooser(strategy));
    this.members = all;
    Watching watching = new Watching();
    try {
      for (int i = 0; i < size; i++) {
        Client client = member.apply(i).start();
        all.add(new PoolMember(Integer.toString(i), client, moveAfter, watching));
      }
    } catch (RuntimeException e) { // what was started must not stay
      close();
      throw e;
    }
    all.forEach(PoolMember::watch);
  }

  /**
   * @param member makes the builder of the client with this number, 0 and up; called once for each
   */
  public static ClientPoolBuilder builder(IntFunction<ClientBuilder> member) {
    return new ClientPoolBuilder(member);
  }

  // ---- calls

  @Override
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    PoolMember member = member();
    member.begun();
    try {
      return member.client().call(method, params, type);
    } finally {
      member.ended();
    }
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    PoolMember member = member();
    member.begun();
    try {
      return member.client().call(method, params, type, options);
    } finally {
      member.ended();
    }
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    PoolMember member = member();
    return counted(member, member.client().callAsync(method, params, type, options));
  }

  @Override
  public <T> ItemStream<T> stream(String method, @Nullable Object params, Class<T> itemType) {
    return member().client().stream(method, params, itemType);
  }

  @Override
  public ItemStream<?> stream(
      String method, @Nullable Object params, Type itemType, CallOptions options) {
    return member().client().stream(method, params, itemType, options);
  }

  /** Calls that leave together, by one member. */
  @Override
  public Batch batch() {
    return member().client().batch();
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    return member().client().notify(method, params);
  }

  /** Each call through it goes to the member that is chosen for it then. */
  @Override
  public <T> T proxy(Class<T> contract, CallOptions options) {
    return members.getFirst().client().proxy(contract, this, options);
  }

  // ---- topics

  /** As {@link Client#subscribe(String, Class)}. */
  public <T> Subscription<T> subscribe(String topic, Class<T> type) {
    return topics.subscribe(topic, type, SubscriptionOptions.DEFAULT);
  }

  /** As {@link Client#subscribe(String, Class, SubscriptionOptions)}. */
  public <T> Subscription<T> subscribe(String topic, Class<T> type, SubscriptionOptions options) {
    return topics.subscribe(topic, type, options);
  }

  /** As {@link Client#publish}; by topic, all of a topic through one member while it is ready. */
  public Position publish(String topic, @Nullable Object data) {
    PoolMember member = member(topic);
    member.begun();
    try {
      return member.client().publish(topic, data);
    } finally {
      member.ended();
    }
  }

  /** As {@link #publish} without waiting. */
  public CompletableFuture<Position> publishAsync(String topic, @Nullable Object data) {
    PoolMember member = member(topic);
    return counted(member, member.client().publishAsync(topic, data));
  }

  /** As {@link Client#history}. */
  public <T> List<Event.Item<T>> history(
      String topic, @Nullable Position since, int limit, Class<T> type) {
    return member(topic).client().history(topic, since, limit, type);
  }

  // ---- life

  public int size() {
    return members.size();
  }

  /** How many members are ready. */
  public int ready() {
    return (int) members.stream().filter(PoolMember::ready).count();
  }

  /** Where each member stands, by its number. */
  public List<Status> statuses() {
    return members.stream().map(member -> member.client().status()).toList();
  }

  /** How many topics each member follows, by its number. */
  public List<Integer> topics() {
    return members.stream().map(topics::count).toList();
  }

  /**
   * Ends all members: everything that waits for them ends, and within a second their connections
   * and threads are gone. Idempotent.
   */
  @Override
  public void close() {
    CompletableFuture<Void> ended = closeAsync();
    if (members.stream().anyMatch(member -> member.home().keeper().loop().inAnyLoop())) {
      return; // what is to be waited for may happen here
    }
    try {
      ended.get(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It goes on by itself; nobody is kept waiting for it.
    }
  }

  /** As {@link #close} without waiting: done when the connections and the threads are gone. */
  public CompletableFuture<Void> closeAsync() {
    topics.close();
    return CompletableFuture.allOf(
        members.stream()
            .map(member -> member.client().closeAsync())
            .toArray(CompletableFuture<?>[]::new));
  }

  void awaitReady(Duration within) {
    String why;
    try {
      firstReady.get(within.toNanos(), TimeUnit.NANOSECONDS);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = "interrupted";
    } catch (TimeoutException e) {
      why = "none connected within " + within;
    } catch (ExecutionException e) {
      why = "none can connect";
    }
    String first = members.getFirst().client().status().toString();
    close();
    throw new ConnectFailedException("pool of " + members.size() + ": " + why + ": " + first, 0);
  }

  // ---- the choice

  private PoolMember member() {
    return member(null);
  }

  private PoolMember member(@Nullable String topic) {
    PoolMember member;
    lock.lock();
    try {
      member = chooser.choose(members, topic, PoolMember::pending);
    } finally {
      lock.unlock();
    }
    if (member == null) {
      throw new ConnectionLostException(false, "every member of the pool is closed");
    }
    return member;
  }

  private static <T extends @Nullable Object> CompletableFuture<T> counted(
      PoolMember member, CompletableFuture<T> call) {
    member.begun();
    var unused = call.whenComplete((value, failure) -> member.ended());
    return call;
  }

  private final class Watching implements PoolMember.Listener {
    @Override
    public void ready(PoolMember member) {
      topics.ready(member);
      firstReady.complete(null);
    }

    @Override
    public void lost(PoolMember member) {
      topics.lost(member);
    }

    @Override
    public void gone(PoolMember member) {
      topics.gone(member);
      if (members.stream().allMatch(PoolMember::gone)) {
        firstReady.completeExceptionally(new IllegalStateException("all gone"));
      }
    }
  }
}
