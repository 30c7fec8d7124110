package dev.everwire.server.internal.registry;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The registry as applications see it. Safe from any thread. */
public final class OpenConnections implements Connections {
  private static final long SENT_WITHIN_SECONDS = 30;

  private final Registry registry;

  public OpenConnections(Registry registry) {
    this.registry = registry;
  }

  // ---- finding

  @Override
  public Optional<ServerConnection> connection(String connectionId) {
    return Optional.ofNullable(registry.connection(connectionId));
  }

  @Override
  public Optional<ServerConnection> session(String sessionId) {
    return Optional.ofNullable(registry.session(sessionId));
  }

  @Override
  public List<ServerConnection> client(@Nullable String user, String clientId) {
    return List.copyOf(registry.client(user, clientId));
  }

  @Override
  public List<ServerConnection> user(String user) {
    return List.copyOf(registry.user(user));
  }

  @Override
  public List<ServerConnection> tagged(String tag) {
    return List.copyOf(registry.tagged(tag));
  }

  @Override
  public int count() {
    return registry.size();
  }

  @Override
  public int users() {
    return registry.users();
  }

  @Override
  public Map<ConnectionState, Integer> states() {
    Map<ConnectionState, Integer> states = new EnumMap<>(ConnectionState.class);
    registry.forEach(entry -> states.merge(entry.state(), 1, Integer::sum));
    return states;
  }

  @Override
  public List<ServerConnection> page(@Nullable String after, int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1-" + MAX_PAGE + ")");
    }
    long serial = after == null ? 0 : registry.serialOf(after);
    if (after != null && serial == 0) {
      throw new IllegalArgumentException("after: \"" + after + "\" (expected: a connection's id)");
    }
    return List.copyOf(registry.page(serial, limit));
  }

  // ---- sending

  @Override
  public Offer send(String connectionId, Payload payload) {
    Entry entry = registry.connection(connectionId);
    return entry == null ? Offer.CLOSED : entry.send(payload);
  }

  @Override
  public Report send(Targets targets, Payload payload) {
    Selection selection = Selection.of(registry, targets);
    if (selection.onAnyLoop()) {
      throw new IllegalStateException("send: on an event loop (expected: sendAsync)");
    }
    try {
      return MassSending.begin(registry, selection, payload)
          .get(SENT_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending; it goes on", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("sending failed", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "not in all queues within " + SENT_WITHIN_SECONDS + " s; it goes on", e);
    }
  }

  @Override
  public CompletableFuture<Report> sendAsync(Targets targets, Payload payload) {
    CompletableFuture<Report> told = new CompletableFuture<>();
    var unused =
        MassSending.begin(registry, Selection.of(registry, targets), payload)
            .whenComplete((report, failure) -> registry.onWorker(() -> told.complete(report)));
    return told;
  }

  /** As {@link #sendAsync} to those that were found already. */
  public CompletableFuture<Report> send(Collection<Entry> entries, Payload payload) {
    return MassSending.begin(registry, Selection.of(entries), payload);
  }

  // ---- closing

  /** As {@link #close(Targets, CloseCode, String)} of those that were found already. */
  public CompletableFuture<Integer> close(
      Collection<Entry> entries, CloseCode code, String reason) {
    return MassClosing.begin(registry, Selection.of(entries), code, reason);
  }

  @Override
  public CompletableFuture<Integer> close(Targets targets, CloseCode code, String reason) {
    if (!code.sendable()) {
      throw new IllegalArgumentException("code: " + code + " (expected: one that may be sent)");
    }
    return MassClosing.begin(registry, Selection.of(registry, targets), code, reason);
  }
}
