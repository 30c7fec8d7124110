package dev.everwire.server.internal.admin;

import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Alert;
import dev.everwire.protocol.wire.Names;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.OpenConnections;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.internal.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells people something: {@code $/alert} to sessions. Others are not told, as they could make
 * nothing of it.
 */
final class Alerting {
  private static final List<String> TO = List.of("all", "user", "tag", "topic", "session");

  private final Registry registry;
  private final OpenConnections connections;
  private final TopicHub topics;

  Alerting(Registry registry, OpenConnections connections, TopicHub topics) {
    this.registry = registry;
    this.connections = connections;
    this.topics = topics;
  }

  List<Act> acts() {
    return List.of(new Act("alert", List.of("text", "data", "severity", "to"), this::alert));
  }

  private Deed alert(Params params) {
    Alert alert = read(params);
    Params to = params.object("to", TO);
    String by = to == null ? "all" : to.one(TO);
    if (to == null || by.equals("all")) {
      if (to != null && !to.flag("all")) {
        throw new JsonException("to.all: expected true");
      }
      return Deed.change(
          detail("all", alert), ask -> send(ask, alert, List.copyOf(registry.inSessions())));
    }
    String name = to.required(by, to.name(by));
    if (by.equals("topic") && !TopicName.valid(name)) {
      throw new JsonException("to.topic: expected the name of a topic");
    }
    return Deed.change(
        detail(by + ":" + name, alert),
        ask -> {
          if (by.equals("topic")) {
            topics.list().subscribersOf(name, ask.loop(), all -> send(ask, alert, entries(all)));
          } else {
            send(ask, alert, named(by, name));
          }
        });
  }

  private static String detail(String to, Alert alert) {
    RawJson data = alert.data();
    return "to="
        + Texts.brief(to)
        + " severity="
        + alert.severity()
        + " dataBytes="
        + (data == null ? 0 : data.length())
        + " text="
        + alert.message();
  }

  private List<Entry> entries(Collection<Connection> subscribers) {
    List<Entry> entries = new ArrayList<>();
    for (Connection subscriber : subscribers) {
      Entry entry = registry.of(subscriber);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static Alert read(Params params) {
    String text = params.text("text", 1, Alert.MAX_MESSAGE);
    RawJson data = params.json("data", Alert.MAX_DATA_BYTES);
    if (text == null && data == null) {
      throw new JsonException("text: missing");
    }
    String severity = params.text("severity", 1, Alert.MAX_SEVERITY);
    try {
      return new Alert(severity == null ? Alert.INFO : severity, text == null ? "" : text, data);
    } catch (IllegalArgumentException e) {
      throw new JsonException(String.valueOf(e.getMessage()));
    }
  }

  private List<Entry> named(String by, String name) {
    return switch (by) {
      case "user" -> registry.user(name);
      case "tag" -> registry.tagged(name);
      default -> listOf(registry.ofSession(name));
    };
  }

  private static List<Entry> listOf(@Nullable Entry entry) {
    return entry == null ? List.of() : List.of(entry);
  }

  private void send(Ask ask, Alert alert, Collection<Entry> found) {
    List<Entry> targets = new ArrayList<>(found);
    targets.removeIf(entry -> registry.ofSession(entry.sessionId()) != entry); // said no hello
    ask.when(
        connections.send(targets, Payload.notification(Names.ALERT, alert.write())),
        report -> ask.answer(answer(report)));
  }

  private static RawJson answer(Report report) {
    JsonWriter out = new JsonWriter().beginObject().name("targets").value(report.targets());
    out.name("delivered").value(report.delivered()).name("dropped").value(report.dropped());
    return out.name("failed").value(report.failed()).endObject().toRawJson();
  }
}
