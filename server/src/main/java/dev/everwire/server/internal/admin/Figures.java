package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.LoopCounts.Count;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.internal.topic.TopicList;
import dev.everwire.session.internal.Connection;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a node does as a whole: its figures, its connections, its topics. What only a connection's
 * own loop knows is asked for there and put together when all have answered.
 */
final class Figures {
  private static final int ROWS = 100;
  private static final List<String> PAGE = List.of("after", "limit");

  private final String node;
  private final Census census;
  private final Registry registry;
  private final TopicHub topics;
  private final InboundGuards guards;
  private final long startedAt = System.nanoTime();

  Figures(String node, Census census, Registry registry, TopicHub topics, InboundGuards guards) {
    this.node = node;
    this.census = census;
    this.registry = registry;
    this.topics = topics;
    this.guards = guards;
  }

  List<Act> acts() {
    return List.of(
        new Act("stats", List.of(), params -> Deed.look(this::stats)),
        new Act("connections", PAGE, this::connections),
        new Act("topics", PAGE, this::topics));
  }

  private void stats(Ask ask) {
    String version = Figures.class.getPackage().getImplementationVersion();
    JsonWriter out = new JsonWriter().beginObject().name("node").value(node);
    if (version != null) {
      out.name("version").value(version);
    }
    out.name("uptimeMs").value(Duration.ofNanos(System.nanoTime() - startedAt).toMillis());
    out.name("timeMs").value(ask.loop().wallTime().toEpochMilli());
    out.name("connections").value(registry.size());
    out.name("sessions").value(census.sum(Count.SESSIONS));
    out.name("topics").value(topics.list().size());
    out.name("subscriptions").value(topics.list().subscriptions());
    out.name("messagesIn").value(census.sum(Count.MESSAGES_IN));
    out.name("messagesOut").value(census.sum(Count.MESSAGES_OUT));
    out.name("bytesIn").value(census.sum(Count.BYTES_IN));
    out.name("bytesOut").value(census.sum(Count.BYTES_OUT));
    out.name("requestsRefused").value(guards.refused());
    out.name("notificationsDropped").value(guards.dropped());
    out.name("publications").value(topics.list().publications());
    ask.answer(out.endObject().toRawJson());
  }

  private Deed connections(Params params) {
    int limit = params.limit(ROWS);
    long after = serial(params.name("after"));
    return Deed.look(ask -> connections(ask, after, limit));
  }

  private void connections(Ask ask, long after, int limit) {
    List<Entry> entries = registry.page(after, limit + 1);
    boolean more = entries.size() > limit;
    List<Entry> shown = more ? entries.subList(0, limit) : entries;
    RowSurvey.ask(
        shown,
        Function.identity(),
        this::row,
        ask.loop(),
        rows -> {
          JsonWriter out = new JsonWriter().beginObject().name("connections").beginArray();
          for (Entry entry : shown) {
            RawJson row = rows.get(entry);
            if (row != null) { // else its loop has ended
              out.value(row);
            }
          }
          out.endArray().name("next").value(more ? shown.getLast().connectionId() : null);
          ask.answer(out.endObject().toRawJson());
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

  private Deed topics(Params params) {
    String after = params.name("after");
    int limit = params.limit(ROWS);
    return Deed.look(ask -> topics(ask, after, limit));
  }

  private void topics(Ask ask, @Nullable String after, int limit) {
    topics
        .list()
        .page(
            after,
            limit,
            ask.loop(),
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
              ask.answer(out.endObject().toRawJson());
            });
  }
}
