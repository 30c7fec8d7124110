package dev.everwire.server.internal.admin;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.connection.ConnectionFigures;
import dev.everwire.server.internal.LoopSurvey;
import dev.everwire.server.internal.admin.SessionBook.Seen;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.session.Session;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Shows everything about one session or connection that is not secret. */
final class Inspection {
  /** Topics in one answer. */
  static final int MOST_TOPICS = 128;

  private static final List<String> ONE = List.of("session", "connection");

  private final Registry registry;
  private final Sessions sessions;
  private final SessionBook book;
  private final TopicHub topics;

  Inspection(Registry registry, Sessions sessions, SessionBook book, TopicHub topics) {
    this.registry = registry;
    this.sessions = sessions;
    this.book = book;
    this.topics = topics;
  }

  List<Act> acts() {
    return List.of(
        new Act("inspect", List.of("session", "connection", "topicsAfter"), this::inspect));
  }

  private Deed inspect(Params params) {
    String by = params.one(ONE);
    String name = params.required(by, params.name(by));
    String after = params.name("topicsAfter");
    return Deed.look(ask -> inspect(ask, by, name, after));
  }

  private void inspect(Ask ask, String by, String name, @Nullable String after) {
    Seen seen = by.equals("session") ? ofSession(name) : ofConnection(name);
    if (seen == null) {
      ask.refuse(FaultCode.NOT_FOUND, "no " + by + " of this name");
      return;
    }
    Entry entry = seen.entry();
    if (entry == null) {
      ask.answer(lost(seen, ask.loop()));
      return;
    }
    AtomicReference<@Nullable RawJson> shown = new AtomicReference<>();
    LoopSurvey.ask(
        Map.of(entry.loop(), () -> shown.set(entry.ended() ? null : connected(seen, entry, after))),
        ask.loop(),
        () -> {
          RawJson answer = shown.get();
          if (answer == null) {
            ask.refuse(FaultCode.NOT_FOUND, "no " + by + " of this name");
          } else {
            ask.answer(answer);
          }
        });
  }

  private @Nullable Seen ofSession(String id) {
    Seen seen = book.find(id);
    if (seen != null) {
      return seen;
    }
    Entry plain = registry.session(id); // one that said no hello is called after its connection
    return plain == null ? null : new Seen(id, null, plain);
  }

  private @Nullable Seen ofConnection(String id) {
    Entry entry = registry.connection(id);
    if (entry == null) {
      return null;
    }
    boolean owns = entry == registry.ofSession(entry.sessionId());
    return new Seen(entry.sessionId(), owns ? sessions.find(entry.sessionId()) : null, entry);
  }

  /** On the connection's loop. */
  private RawJson connected(Seen seen, Entry entry, @Nullable String after) {
    Connection connection = entry.connection();
    boolean established = connection != null && connection.established();
    JsonWriter out = begin(seen, established);
    out.name("connection").value(entry.connectionId());
    out.name("state").value(entry.state().name().toLowerCase(Locale.ROOT));
    out.name("path").value(entry.path()).name("remote").value(entry.remoteAddress());
    out.name("connectedMs").value(entry.age().toMillis());
    Session kept = seen.kept();
    if (kept != null) {
      out.name("ageMs").value(kept.age(entry.loop().now()).toMillis());
    }
    out.name("kept").value(kept != null);
    Texts.names(out.name("tags"), entry.tags());
    auth(out, seen, entry.loop().wallTime());
    if (connection != null) {
      out.name("agent").value(connection.profile().agent());
      Texts.names(out.name("caps"), connection.profile().caps());
      out.name("dialect")
          .value(connection.form().dialect().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      out.name("pending").value(connection.pendingCalls());
    }
    figures(out, entry.figuresNow());
    topics(out, entry, connection, after);
    return out.endObject().toRawJson();
  }

  private static void figures(JsonWriter out, ConnectionFigures figures) {
    out.name("inbound").value(figures.inboundCalls());
    out.name("queuedBytes").value(figures.queuedBytes());
    out.name("queuedMessages").value(figures.queuedMessages());
    out.name("idleMs").value(figures.idleFor().toMillis());
    millis(out, "untilIdleMs", figures.untilIdleTimeout());
    millis(out, "untilMaxAgeMs", figures.untilMaxAge());
  }

  private static void millis(JsonWriter out, String name, @Nullable Duration time) {
    if (time != null) {
      out.name(name).value(time.toMillis());
    }
  }

  private void topics(
      JsonWriter out, Entry entry, @Nullable Connection connection, @Nullable String after) {
    out.name("subscriptions").value(topics.list().subscriptionsOf(entry.loop(), connection));
    List<String> names =
        connection == null
            ? List.of()
            : topics.list().topicsOf(entry.loop(), connection, after, MOST_TOPICS + 1);
    boolean more = names.size() > MOST_TOPICS;
    List<String> shown = more ? names.subList(0, MOST_TOPICS) : names;
    out.name("topics").beginArray();
    shown.forEach(out::value);
    out.endArray().name("topicsNext").value(more ? shown.getLast() : null);
  }

  private RawJson lost(Seen seen, Loop loop) {
    long now = loop.now();
    JsonWriter out = begin(seen, true).name("connection").value((String) null);
    out.name("state").value("lost");
    Session kept = seen.kept();
    if (kept != null) {
      Duration lost = kept.lostFor(now);
      Duration left = sessions.within().minus(lost);
      out.name("ageMs").value(kept.age(now).toMillis());
      out.name("lostMs").value(lost.toMillis());
      out.name("endsInMs").value(Math.max(0, left.toMillis()));
    }
    out.name("kept").value(true);
    Texts.names(out.name("tags"), seen.tags());
    auth(out, seen, loop.wallTime());
    return out.endObject().toRawJson();
  }

  private static JsonWriter begin(Seen seen, boolean session) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("session").value(session ? seen.id() : null);
    out.name("user").value(seen.user()).name("tenant").value(seen.tenant());
    out.name("client").value(seen.client());
    return out.name("generation").value(seen.generation());
  }

  /** Who it is and how that was found out; never what it was found out by. */
  private static void auth(JsonWriter out, Seen seen, Instant now) {
    Principal principal = seen.principal();
    if (principal == null) {
      out.name("auth").value(RawJson.NULL);
      return;
    }
    out.name("auth").beginObject().name("method").value(principal.method());
    Texts.names(out.name("roles"), principal.roles());
    Texts.names(out.name("permissions"), principal.permissions());
    out.name("tokenId").value(principal.tokenId());
    Instant end = principal.expiresAt();
    if (end != null) {
      out.name("expiresInMs").value(Duration.between(now, end).toMillis());
    }
    out.endObject();
  }
}
