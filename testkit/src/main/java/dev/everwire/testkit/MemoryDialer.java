package dev.everwire.testkit;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Dials names of a network. */
final class MemoryDialer implements Dialer {
  private static final Logger LOG = System.getLogger(MemoryDialer.class.getName());

  private final MemoryNetwork network;
  private final MemoryLoop loop;
  private final Set<MemoryTransport> open = new LinkedHashSet<>(); // driving thread only
  private final Set<Dial> underWay = new LinkedHashSet<>(); // driving thread only

  MemoryDialer(MemoryNetwork network) {
    this.network = network;
    this.loop = network.newLoop();
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Attempt dial(Request request, Loop on, Result result) {
    if (!on.equals(loop)) {
      throw new IllegalArgumentException("loop: " + on + " (expected: this dialer's)");
    }
    var dial = new Dial(request, result);
    try {
      loop.execute(dial::begin);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("the dialer is closed", e);
    }
    return dial;
  }

  @Override
  public void close() {
    try {
      loop.execute(() -> {
        List.copyOf(underWay).forEach(dial -> dial.fail(0, "the dialer was closed", null));
        List.copyOf(open).forEach(MemoryTransport::abort);
      });
    } catch (RejectedExecutionException e) {
      return; // closed before
    }
    network.end(List.of(loop));
  }

  private final class Dial implements Attempt {
    private final Request request;
    private final Result result;
    private volatile boolean cancelled; // set from any thread, seen on the loop
    private boolean done;
    private Loop.@Nullable Timer deadline;

    Dial(Request request, Result result) {
      this.request = request;
      this.result = result;
    }

    @Override
    public void cancel() {
      cancelled = true;
      try {
        loop.execute(this::finish);
      } catch (RejectedExecutionException e) {
        // the dialer is closed
      }
    }

    void begin() {
      if (cancelled) {
        return;
      }
      underWay.add(this);
      deadline = loop.schedule(request.timeout().toNanos(), this::timedOut);
      Faults.Plan plan = network.nextPlan();
      String name = request.uri().getHost();
      MemoryListener.Bound there = network.bound(name);
      switch (plan.answer()) {
        case CONNECT, TWICE, LATE -> {
          if (there == null) {
            loop.execute(() -> fail(0, "nothing answers at " + name, null));
          } else {
            MemoryLoop far = there.nextLoop();
            if (plan.answer() == Faults.Answer.TWICE) {
              after(far, plan.latency(), () -> arrive(there, far, plan, false));
            }
            boolean heardOf = plan.answer() != Faults.Answer.LATE;
            after(far, plan.latency(), () -> arrive(there, far, plan, heardOf));
          }
        }
        case REFUSE -> loop.execute(() -> fail(0, "nothing answers at " + name, null));
        case SILENCE -> {}
      }
    }

    /**
     * On the listener's loop.
     *
     * @param heardOf false if nothing of it comes back to the dialer
     */
    private void arrive(
        MemoryListener.Bound there, MemoryLoop far, Faults.Plan plan, boolean heardOf) {
      String remote = "memory:" + network.nextPort();
      Acceptor.Answer answer;
      try {
        answer = there.acceptor().upgrade(handshake(remote));
      } catch (RuntimeException | Error e) {
        answer = new Acceptor.Later(CompletableFuture.failedStage(e));
      }
      if (answer instanceof Acceptor.Later(var later)) {
        later.whenComplete((decided, failure) ->
            after(
                far,
                Duration.ZERO,
                () -> answered(there, far, plan, heardOf, remote, decided, failure)));
      } else {
        answered(there, far, plan, heardOf, remote, answer, null);
      }
    }

    /** On the listener's loop. */
    private void answered(
        MemoryListener.Bound there,
        MemoryLoop far,
        Faults.Plan plan,
        boolean heardOf,
        String remote,
        Acceptor.@Nullable Answer answer,
        @Nullable Throwable failure) {
      switch (answer) {
        case Acceptor.Accept accept when offered(accept.subprotocol()) -> {
          MemoryLink link = MemoryLink.open(network, there, far, plan, accept, remote);
          if (heardOf) {
            after(loop, plan.latency(), () -> opened(accept.subprotocol(), there, link));
          }
        }
        case Acceptor.Refuse refuse -> {
          if (heardOf) {
            String message = "refused with status " + refuse.status();
            Duration retryAfter = retryAfter(refuse.headers());
            after(loop, plan.latency(), () -> fail(refuse.status(), message, retryAfter));
          }
        }
        case null, default -> {
          LOG.log(Level.ERROR, "acceptor failed path=" + request.uri().getPath(), failure);
          if (heardOf) {
            after(loop, plan.latency(), () -> fail(500, "refused with status 500", null));
          }
        }
      }
    }

    private boolean offered(@Nullable String subprotocol) {
      return subprotocol == null || request.subprotocols().contains(subprotocol);
    }

    private void opened(@Nullable String subprotocol, MemoryListener.Bound there, MemoryLink link) {
      if (over()) {
        link.abandon(network.time().now());
        return;
      }
      finish();
      String remote = there.host() + ":" + there.port();
      MemoryTransport client = link.dialersEnd(loop, request.limits(), remote, open::remove);
      open.add(client);
      client.start(transport -> result.opened(transport, subprotocol));
    }

    void fail(int status, String message, @Nullable Duration retryAfter) {
      if (!over()) {
        finish();
        result.failed(new Failure(status, message, retryAfter));
      }
    }

    private boolean over() {
      return done || cancelled;
    }

    private void finish() {
      done = true;
      underWay.remove(this);
      if (deadline != null) {
        deadline.cancel();
      }
    }

    private void timedOut() {
      fail(0, request.uri().getHost() + " gave no answer within " + request.timeout(), null);
    }

    private Handshake handshake(String remote) {
      URI uri = request.uri();
      Map<String, String> headers = new HashMap<>();
      headers.put("host", uri.getAuthority());
      request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
      String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
      return new Handshake(path, query(uri.getRawQuery()), headers, request.subprotocols(), remote);
    }
  }

  private static void after(MemoryLoop loop, Duration latency, Runnable task) {
    try {
      loop.schedule(latency.toNanos(), task);
    } catch (RejectedExecutionException e) {
      // that end is gone; the dial runs into its timeout
    }
  }

  private static @Nullable Duration retryAfter(Map<String, String> headers) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase("retry-after")) {
        return Duration.ofSeconds(Long.parseLong(header.getValue()));
      }
    }
    return null;
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query.putIfAbsent(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
