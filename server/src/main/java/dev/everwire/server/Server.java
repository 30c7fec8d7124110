package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.access.Access;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.internal.admin.Departure;
import dev.everwire.server.internal.drain.Draining;
import dev.everwire.server.live.Live;
import dev.everwire.server.session.Inbox;
import dev.everwire.server.topic.Topics;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Gather;
import dev.everwire.session.Gathered;
import dev.everwire.session.transport.Listener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A running server: methods that peers call, topics that they subscribe to, on WebSocket
 * connections. Safe from any thread.
 *
 * <pre>{@code
 * Server server = Server.builder().listen(listener).values(values)
 *     .method("add", call -> call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class))
 *     .topic(TopicRule.named("prices/*").keepLast(1_000))
 *     .start();
 * }</pre>
 *
 * <p>{@code GET /health} answers 200 as long as the process lives, {@code GET /ready} 200 until the
 * server drains.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Server.class.getName());
  private static final Duration HOOKS_WITHIN = Duration.ofSeconds(5);

  private final Assembly parts;
  private final Listener.Listening listening;
  private final AtomicReference<@Nullable Draining> draining = new AtomicReference<>();
  private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  Server(ServerBuilder from, ValueCodec values, Listener listener) throws IOException {
    this.parts = new Assembly(from, values, new Leaving());
    try {
      parts.topics.start();
      this.listening = listener.listen(parts.gate);
      parts.begin(listening.loops().getFirst());
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
    LOG.log(Level.INFO, "started node=" + node() + " host=" + host() + " port=" + port());
  }

  /** As an administrator may ask for it. */
  private final class Leaving implements Departure {
    @Override
    public DrainPlan plan() {
      return parts.live.drain();
    }

    @Override
    public int connections() {
      return parts.roster.size();
    }

    @Override
    public CompletableFuture<DrainReport> begin(DrainPlan how) {
      return drain(how);
    }
  }

  public static ServerBuilder builder() {
    return new ServerBuilder();
  }

  /** The bound host, for a URL. */
  public String host() {
    return listening.host();
  }

  public int port() {
    return listening.port();
  }

  /** Names this server among others. */
  public String node() {
    return parts.node;
  }

  public Topics topics() {
    return parts.topics;
  }

  /** The inbox of a session that is connected or kept; empty if there is none of this name. */
  public Optional<Inbox> inbox(String sessionId) {
    return Optional.ofNullable(parts.sessions.inbox(sessionId, parts.topics, parts.values));
  }

  /** Finds connections, sends to one or to many of them, and closes them. */
  public Connections registry() {
    return parts.connections;
  }

  /** Changes who may come in and what they may do. */
  public Access access() {
    return parts.access;
  }

  /** Connections that are open. */
  public int connections() {
    return parts.roster.size();
  }

  /**
   * Those who are connected at this moment and can be called, each with who it is. Empty before the
   * first and after the last; a peer may be gone by the time it is called.
   */
  public List<Caller> callers() {
    return parts.roster.callers();
  }

  /**
   * Calls a method of everybody who is connected at this moment, and waits until all have answered
   * or the time is over. Blocks, so never on an event loop. {@link #callers} and {@link
   * Gather#callAsync} ask some only, or do not wait.
   *
   * @throws IllegalArgumentException if the parameters cannot be written
   */
  public <T> Gathered<Caller, @Nullable T> gather(
      String method, @Nullable Object params, Class<T> type, CallOptions options) {
    Object written = params == null ? null : parts.values.encode(params); // once for all
    return Gather.await(Gather.callAsync(callers(), Caller::peer, method, written, type, options));
  }

  /** Waits until the server is closed. */
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  /** What can change while it runs. */
  public Live live() {
    return parts.live;
  }

  /** As {@link #drain(DrainPlan)} with the plan of the builder, or that of {@link #live}. */
  public CompletableFuture<DrainReport> drain() {
    return drain(parts.live.drain());
  }

  /**
   * Begins to go away, without waiting: whoever comes is answered 503 with {@code Retry-After}, and
   * {@code /ready} says 503; sessions are asked to move ({@code $/goaway}), then new calls are
   * refused with −32012, what waits is sent, running calls end, and every connection is closed,
   * with 4000 where there is a session and 1001 elsewhere. {@link #close} has to follow.
   *
   * @return the report, once nobody is left or the time is over; that of the first call if this is
   *     not the first. What is chained to it runs on a worker
   */
  public CompletableFuture<DrainReport> drain(DrainPlan how) {
    Draining mine = new Draining(parts.roster, listening.loops(), how, parts.random);
    Draining first = draining.compareAndExchange(null, mine);
    if (first != null) {
      return handedOut(first);
    }
    LOG.log(Level.INFO, "draining node=" + parts.node + " connections=" + parts.roster.size());
    parts.gate.drain();
    parts.roster.drain(mine);
    mine.begin();
    return handedOut(mine);
  }

  /** What is chained to it runs on a worker. */
  private CompletableFuture<DrainReport> handedOut(Draining begun) {
    CompletableFuture<DrainReport> report = begun.report();
    return report.isDone()
        ? report.copy()
        : report.thenApplyAsync(whole -> whole, parts.hooks::onWorker); // not on an event loop
  }

  /**
   * Drains, then ends everything that the server started. Repeated calls return when the first is
   * done. An interrupt cuts the draining short. Hooks that still tell of the last connections are
   * waited for 5 s beyond the time of the drain, handlers 1 s.
   */
  @Override
  public void close() {
    if (!closer.compareAndSet(null, Thread.currentThread())) {
      awaitCloseOfAnother();
      return;
    }
    var unused = drain();
    Draining begun = Objects.requireNonNull(draining.get());
    try {
      begun.report().get(begun.atMost().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "not drained in time node=" + parts.node);
    } finally {
      begun.giveUp();
      listening.close();
      awaitHooks();
      parts.close();
      LOG.log(Level.INFO, "stopped node=" + parts.node + " " + begun.report().join().line());
      closed.countDown();
    }
  }

  private void awaitCloseOfAnother() {
    if (Thread.currentThread().equals(closer.get())) {
      return; // from within itself
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** They may still tell of the last connections. */
  private void awaitHooks() {
    try {
      parts.hooks.awaitIdle(HOOKS_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
