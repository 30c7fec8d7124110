package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.admin.SessionBook.Page;
import dev.everwire.server.internal.admin.SessionBook.Seen;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.session.Session;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists the sessions of a node page by page, lost ones included. */
final class SessionLists {
  private static final int ROWS = 100;

  private final SessionBook book;
  private final TopicHub topics;

  SessionLists(SessionBook book, TopicHub topics) {
    this.book = book;
    this.topics = topics;
  }

  List<Act> acts() {
    return List.of(
        new Act("sessions", List.of("after", "limit", "user", "tag", "lost"), this::sessions));
  }

  private Deed sessions(Params params) {
    String after = params.name("after");
    int limit = params.limit(ROWS);
    Predicate<Seen> wanted = wanted(params);
    return Deed.look(ask -> sessions(ask, book.page(after, limit, wanted)));
  }

  private void sessions(Ask ask, Page page) {
    List<Seen> connected = page.rows().stream().filter(seen -> !seen.lost()).toList();
    RowSurvey.ask(
        connected,
        seen -> Objects.requireNonNull(seen.entry()),
        seen -> row(seen, seen.entry()),
        ask.loop(),
        rows -> answer(ask, page, rows));
  }

  private static Predicate<Seen> wanted(Params params) {
    String user = params.name("user");
    String tag = params.name("tag");
    Boolean lost = params.flagOrNull("lost");
    return seen ->
        (user == null || user.equals(seen.user()))
            && (lost == null || lost == seen.lost())
            && (tag == null || seen.tags().contains(tag));
  }

  private void answer(Ask ask, Page page, Map<Seen, RawJson> known) {
    Map<Seen, RawJson> rows = new HashMap<>(known);
    long now = ask.loop().now();
    JsonWriter out = new JsonWriter().beginObject().name("sessions").beginArray();
    for (Seen seen : page.rows()) {
      RawJson row = seen.lost() ? lostRow(seen, now) : rows.get(seen);
      if (row != null) { // else its loop has ended
        out.value(row);
      }
    }
    out.endArray().name("next").value(page.next());
    ask.answer(out.endObject().toRawJson());
  }

  /** On the connection's loop. */
  private RawJson row(Seen seen, @Nullable Entry entry) {
    Entry there = Objects.requireNonNull(entry);
    JsonWriter out = begin(seen);
    out.name("connection").value(there.connectionId());
    Session kept = seen.kept();
    Duration age = kept == null ? there.age() : kept.age(there.loop().now());
    out.name("ageMs").value(age.toMillis());
    out.name("lostMs").value(RawJson.NULL);
    out.name("subscriptions")
        .value(topics.list().subscriptionsOf(there.loop(), there.connection()));
    out.name("queuedBytes").value(there.queuedBytes());
    return out.endObject().toRawJson();
  }

  private static @Nullable RawJson lostRow(Seen seen, long now) {
    Session kept = seen.kept();
    if (kept == null) {
      return null;
    }
    JsonWriter out = begin(seen).name("connection").value((String) null);
    out.name("ageMs").value(kept.age(now).toMillis());
    out.name("lostMs").value(kept.lostFor(now).toMillis());
    out.name("subscriptions").value(0).name("queuedBytes").value(0);
    return out.endObject().toRawJson();
  }

  private static JsonWriter begin(Seen seen) {
    JsonWriter out = new JsonWriter().beginObject().name("id").value(seen.id());
    out.name("user").value(seen.user()).name("tenant").value(seen.tenant());
    out.name("client").value(seen.client());
    Principal principal = seen.principal();
    Texts.names(out.name("roles"), principal == null ? Set.of() : principal.roles());
    return out.name("generation").value(seen.generation());
  }
}
