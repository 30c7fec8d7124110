package dev.everwire.server.internal.admin;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.server.internal.admin.SessionBook.Seen;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.OpenConnections;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.session.Session;
import dev.everwire.server.internal.session.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Throws somebody out: connections are closed, and their sessions end for good, as do those that
 * have no connection at the moment, so that no resume token brings them back. Who is thrown out may
 * come again with a fresh session; to keep somebody away, see what authentication can take back.
 */
final class Ejection {
  private static final List<String> ONE = List.of("session", "connection", "user", "tag");
  private static final int MAX_REASON_BYTES = 123; // of a Close frame

  /** Who is meant. */
  private record Meant(List<Entry> entries, List<Session> sessions, int lost) {}

  private final Registry registry;
  private final OpenConnections connections;
  private final Sessions sessions;
  private final SessionBook book;

  Ejection(Registry registry, OpenConnections connections, Sessions sessions, SessionBook book) {
    this.registry = registry;
    this.connections = connections;
    this.sessions = sessions;
    this.book = book;
  }

  List<Act> acts() {
    return List.of(
        new Act(
            "kick", List.of("session", "connection", "user", "tag", "reason", "code"), this::kick));
  }

  private Deed kick(Params params) {
    String by = params.one(ONE);
    String name = params.required(by, params.name(by));
    CloseCode code = code(params);
    String reason = reason(params);
    return Deed.change(
        by + "=" + Texts.brief(name) + " code=" + code + " reason=" + reason,
        ask -> {
          var unused =
              ask.onWorker(() -> meant(by, name), meant -> close(ask, meant, code, reason));
        });
  }

  private static CloseCode code(Params params) {
    long code = params.integer("code", CloseCode.KICKED.value(), 1000, 4999);
    boolean usual = code >= 4000 || code == 1000 || code == 1001 || code == 1012 || code == 1013;
    if (!usual) {
      throw new JsonException("code: expected 1000, 1001, 1012, 1013 or 4000-4999");
    }
    return new CloseCode((int) code);
  }

  private static String reason(Params params) {
    String reason = params.text("reason", 0, MAX_REASON_BYTES);
    if (reason == null) {
      return "kicked";
    }
    if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      throw new JsonException("reason: expected at most " + MAX_REASON_BYTES + " bytes");
    }
    return reason;
  }

  // ---- who is meant

  /** On a worker: among very many there may be few. */
  private Meant meant(String by, String name) {
    return switch (by) {
      case "session" -> session(name);
      case "connection" -> {
        Entry entry = registry.connection(name);
        yield entry == null ? meant(List.of(), List.of()) : meant(List.of(entry), List.of());
      }
      case "user" -> meant(registry.user(name), lost(seen -> name.equals(seen.user())));
      default -> meant(registry.tagged(name), lost(seen -> seen.tags().contains(name)));
    };
  }

  private Meant session(String id) {
    Seen seen = book.find(id);
    if (seen == null) {
      Entry plain = registry.session(id);
      return meant(plain == null ? List.of() : List.of(plain), List.of());
    }
    Entry entry = seen.entry();
    return entry == null ? meant(List.of(), List.of(seen)) : meant(List.of(entry), List.of());
  }

  private List<Seen> lost(Predicate<Seen> wanted) {
    return book.all(seen -> seen.lost() && wanted.test(seen));
  }

  private Meant meant(List<Entry> entries, List<Seen> lost) {
    Set<Session> over = new LinkedHashSet<>();
    for (Entry entry : entries) {
      if (entry == registry.ofSession(entry.sessionId())) { // else another connection has it
        add(over, sessions.find(entry.sessionId()));
      }
    }
    lost.forEach(seen -> add(over, seen.kept()));
    return new Meant(entries, List.copyOf(over), lost.size());
  }

  private static void add(Set<Session> over, @Nullable Session session) {
    if (session != null) {
      over.add(session);
    }
  }

  // ---- and what becomes of them

  private void close(Ask ask, Meant meant, CloseCode code, String reason) {
    Instant now = ask.loop().wallTime();
    meant.sessions().forEach(session -> sessions.forget(session, now));
    List<Entry> others = new ArrayList<>(meant.entries());
    Entry own = registry.of(ask.connection());
    boolean mine = own != null && others.remove(own);
    ask.when(
        connections.close(others, code, reason),
        closed -> {
          int all = closed + (mine ? 1 : 0);
          JsonWriter out = new JsonWriter().beginObject().name("closed").value(all);
          out.name("lost").value(meant.lost());
          ask.answer(out.endObject().toRawJson());
          if (mine && own != null) { // behind the answer
            own.close(code.value(), reason);
          }
        });
  }
}
