package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.server.internal.admin.LoopCounts.Count;
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
  private final TopicHub topics;
  private final long startedAt = System.nanoTime();
  private final Map<String, Route> routes =
      Map.of(
          "rpc.admin.stats", inline(this::stats),
          "rpc.admin.connections", inline(this::connections),
          "rpc.admin.topics", inline(this::topics));

  /**
   * @param allowed is asked for each call, on an event loop
   */
  public AdminMethods(String node, Predicate<Caller> allowed, Census census, TopicHub topics) {
    this.node = node;
    this.allowed = allowed;
    this.census = census;
    this.topics = topics;
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
    out.name("connections").value(census.connections());
    out.name("sessions").value(census.sum(Count.SESSIONS));
    out.name("topics").value(topics.list().size());
    out.name("subscriptions").value(topics.list().subscriptions());
    out.name("messagesIn").value(census.sum(Count.MESSAGES_IN));
    out.name("messagesOut").value(census.sum(Count.MESSAGES_OUT));
    out.name("bytesIn").value(census.sum(Count.BYTES_IN));
    out.name("bytesOut").value(census.sum(Count.BYTES_OUT));
    out.name("publications").value(topics.list().publications());
    call.answer(out.endObject().toRawJson());
  }

  private void connections(Connection connection, InboundCall call) {
    PageRequest page = PageRequest.read(call.params());
    List<Visit> visits = census.page(serial(page.after()), page.limit() + 1);
    boolean more = visits.size() > page.limit();
    List<Visit> shown = more ? visits.subList(0, page.limit()) : visits;
    Map<Visit, RawJson> rows = new ConcurrentHashMap<>();
    Map<Loop, Runnable> questions = new HashMap<>();
    shown.stream()
        .collect(Collectors.groupingBy(Visit::loop))
        .forEach((loop, here) ->
            questions.put(loop, () -> here.forEach(visit -> rows.put(visit, row(visit)))));
    LoopSurvey.ask(
        questions,
        connection.loop(),
        () -> {
          JsonWriter out = new JsonWriter().beginObject().name("connections").beginArray();
          for (Visit visit : shown) {
            RawJson row = rows.get(visit);
            if (row != null) { // else its loop has ended
              out.value(row);
            }
          }
          out.endArray().name("next").value(more ? shown.getLast().id() : null);
          call.answer(out.endObject().toRawJson());
        });
  }

  private RawJson row(Visit visit) {
    JsonWriter out = new JsonWriter();
    visit.write(out, topics.list().subscriptionsOf(visit.loop(), visit.connection()));
    return out.toRawJson();
  }

  /** A connection's id ends with its serial number. */
  private static long serial(@Nullable String id) {
    if (id == null) {
      return 0;
    }
    try {
      return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    } catch (NumberFormatException e) {
      throw new JsonException("after: expected the id of a connection");
    }
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
