package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.server.internal.limit.InboundGuard;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.LoopCounts.Count;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.internal.topic.TopicList;
import dev.everwire.session.Caller;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.admin.*} to those who may. Lists come in pages; what only a connection's own
 * loop knows is asked for there and put together when all have answered. Called on the connection's
 * loop.
 */
public final class AdminMethods {
  private final String node;
  private final Predicate<Caller> allowed;
  private final Census census;
  private final Registry registry;
  private final TopicHub topics;
  private final @Nullable InboundGuard guard;
  private final long startedAt = System.nanoTime();
  private final Map<String, Route> routes =
      Map.of(
          "rpc.admin.stats", inline(this::stats),
          "rpc.admin.connections", inline(this::connections),
          "rpc.admin.topics", inline(this::topics));

  /**
   * @param allowed is asked for each call, on an event loop
   * @param guard null if peers may talk as fast as they like
   */
  public AdminMethods(
      String node,
      Predicate<Caller> allowed,
      Census census,
      Registry registry,
      TopicHub topics,
      @Nullable InboundGuard guard) {
    this.node = node;
    this.allowed = allowed;
    this.census = census;
    this.registry = registry;
    this.topics = topics;
    this.guard = guard;
  }

  /** What serves a method, or null if it is none of these. */
  public @Nullable Route route(String method) {
    return routes.get(method);
  }

  private Route inline(Route.InlineHandler method) {
    return new Route.Inline((connection, call) -> {
      if (!allowed.test(connection.caller())) {
        call.refuse(Fault.of(FaultCode.FORBIDDEN, "administration is not allowed"));
        return;
      }
      try {
        method.handle(connection, call);
      } catch (JsonException e) {
        call.refuse(Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage()));
      }
    });
  }

  private void stats(Connection connection, InboundCall call) {
    String version = AdminMethods.class.getPackage().getImplementationVersion();
    JsonWriter out = new JsonWriter().beginObject().name("node").value(node);
    if (version != null) {
      out.name("version").value(version);
    }
    out.name("uptimeMs").value(Duration.ofNanos(System.nanoTime() - startedAt).toMillis());
    out.name("timeMs").value(connection.loop().wallTime().toEpochMilli());
    out.name("connections").value(registry.size());
    out.name("sessions").value(census.sum(Count.SESSIONS));
    out.name("topics").value(topics.list().size());
    out.name("subscriptions").value(topics.list().subscriptions());
    out.name("messagesIn").value(census.sum(Count.MESSAGES_IN));
    out.name("messagesOut").value(census.sum(Count.MESSAGES_OUT));
    out.name("bytesIn").value(census.sum(Count.BYTES_IN));
    out.name("bytesOut").value(census.sum(Count.BYTES_OUT));
    out.name("requestsRefused").value(guard == null ? 0 : guard.refused());
    out.name("notificationsDropped").value(guard == null ? 0 : guard.dropped());
    out.name("publications").value(topics.list().publications());
    call.answer(out.endObject().toRawJson());
  }

  private void connections(Connection connection, InboundCall call) {
    PageRequest page = PageRequest.read(call.params());
    List<Entry> entries = registry.page(serial(page.after()), page.limit() + 1);
    boolean more = entries.size() > page.limit();
    List<Entry> shown = more ? entries.subList(0, page.limit()) : entries;
    Map<Entry, RawJson> rows = new ConcurrentHashMap<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    shown.stream()
        .collect(Collectors.groupingBy(Entry::loop))
        .forEach((loop, here) ->
            questions.put(loop, () -> here.forEach(entry -> rows.put(entry, row(entry)))));
    LoopSurvey.ask(
        questions,
        connection.loop(),
        () -> {
          JsonWriter out = new JsonWriter().beginObject().name("connections").beginArray();
          for (Entry entry : shown) {
            RawJson row = rows.get(entry);
            if (row != null) { // else its loop has ended
              out.value(row);
            }
          }
          out.endArray().name("next").value(more ? shown.getLast().connectionId() : null);
          call.answer(out.endObject().toRawJson());
        });
  }

  private RawJson row(Entry entry) {
    Connection connection = entry.connection();
    boolean established = connection != null && connection.established();
    JsonWriter out = new JsonWriter().beginObject().name("id").value(entry.connectionId());
    out.name("session").value(connection != null && established ? connection.sessionId() : null);
    out.name("remote").value(entry.remoteAddress());
    out.name("connectedMs").value(entry.age().toMillis());
    out.name("established").value(established);
    out.name("subscriptions").value(topics.list().subscriptionsOf(entry.loop(), connection));
    out.name("queuedBytes").value(entry.queuedBytes());
    out.name("inbound").value(entry.inboundCalls());
    return out.endObject().toRawJson();
  }

  private long serial(@Nullable String id) {
    long serial = id == null ? 0 : registry.serialOf(id);
    if (id != null && serial == 0) {
      throw new JsonException("after: expected the id of a connection");
    }
    return serial;
  }

  private void topics(Connection connection, InboundCall call) {
    PageRequest page = PageRequest.read(call.params());
    topics
        .list()
        .page(
            page.after(),
            page.limit(),
            connection.loop(),
            (rows, more) -> {
              JsonWriter out = new JsonWriter().beginObject().name("topics").beginArray();
              for (TopicList.Row row : rows) {
                Position top = row.top();
                out.beginObject().name("topic").value(row.topic());
                out.name("subscribers").value(row.subscribers());
                out.name("epoch").value(top == null ? null : top.epoch());
                out.name("offset").value(top == null ? 0 : top.offset()).endObject();
              }
              out.endArray().name("next").value(more ? rows.getLast().topic() : null);
              call.answer(out.endObject().toRawJson());
            });
  }
}
