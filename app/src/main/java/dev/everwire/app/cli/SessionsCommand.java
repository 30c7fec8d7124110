package dev.everwire.app.cli;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "sessions",
    description = {
      "Lists the sessions of a server, those included that have lost their connection; or shows"
          + " everything about one.",
      "With --json each session is one line as the server said it."
    })
final class SessionsCommand extends AdminCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SESSION",
      description = "Shows this session, or connection.")
  private @Nullable String session;

  @Option(names = "--user", paramLabel = "USER", description = "Only those of a user.")
  private @Nullable String user;

  @Option(names = "--tag", paramLabel = "TAG", description = "Only those that have a tag.")
  private @Nullable String tag;

  @Option(names = "--lost", description = "Only those that have no connection at the moment.")
  private boolean lost;

  @Option(names = "--connected", description = "Only those that have one.")
  private boolean connected;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most lines (default: ${DEFAULT-VALUE}).")
  private long limit;

  @Option(names = "--all", description = "As many as there are.")
  private boolean all;

  @Override
  void check() {
    if (limit < 1) {
      throw usage("--limit: " + limit + " (expected: >= 1)");
    }
    if (lost && connected) {
      throw usage("--lost and --connected: expected one of them");
    }
    if (session != null && (user != null || tag != null || lost || connected || all)) {
      throw usage("SESSION: expected without --user, --tag, --lost, --connected and --all");
    }
  }

  @Override
  ExitStatus run(Administrator server) {
    if (session != null) {
      show(inspected(server, session));
    } else {
      list(server);
    }
    return ExitStatus.OK;
  }

  // ---- one

  private static RawJson inspected(Administrator server, String name) {
    try {
      return server.ask("inspect", Map.of("session", name));
    } catch (FaultException e) {
      if (e.fault().code() != FaultCode.NOT_FOUND) {
        throw e;
      }
      return server.ask("inspect", Map.of("connection", name));
    }
  }

  private void show(RawJson shown) {
    if (json()) {
      print(Shown.json(shown));
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines("", shown.members(), lines);
    int width = lines.stream().mapToInt(line -> line.getFirst().length()).max().orElse(0);
    lines.forEach(line ->
        print(
            line.getFirst()
                + " ".repeat(width - line.getFirst().length())
                + "  "
                + line.getLast()));
  }

  private static void lines(String before, JsonMembers members, List<List<String>> lines) {
    for (String name : members.names()) {
      RawJson value = members.get(name);
      if (value != null && value.kind() == RawJson.Kind.OBJECT) {
        lines(before + Shown.text(name) + ".", value.members(), lines);
      } else if (name.endsWith("Ms") && value != null) {
        String shorter = name.substring(0, name.length() - 2);
        lines.add(List.of(before + Shown.text(shorter), Shown.time(value.asLong())));
      } else {
        lines.add(List.of(before + Shown.text(name), Shown.value(value)));
      }
    }
  }

  // ---- all

  private void list(Administrator server) {
    Map<String, @Nullable Object> wanted = new HashMap<>();
    wanted.put("user", user);
    wanted.put("tag", tag);
    wanted.put("lost", lost ? Boolean.TRUE : connected ? Boolean.FALSE : null);
    Table table =
        new Table(
            this::print,
            "SESSION",
            "USER",
            "TENANT",
            "CLIENT",
            "CONNECTION",
            "AGE",
            "LOST",
            "TOPICS",
            "QUEUED",
            "GEN");
    boolean more =
        server.rows(
            "sessions",
            given(wanted),
            all ? Long.MAX_VALUE : limit,
            row -> {
              if (json()) {
                print(Shown.json(row));
              } else {
                table.row(cells(row.members()));
              }
            });
    if (!json()) {
      table.end();
    }
    if (more) {
      remark("there are more: --all shows all of them");
    }
  }

  private static List<String> cells(JsonMembers row) {
    return List.of(
        Shown.text(row.string("id")),
        Shown.text(row.stringOrNull("user")),
        Shown.text(row.stringOrNull("tenant")),
        Shown.text(row.stringOrNull("client")),
        Shown.text(row.stringOrNull("connection")),
        Shown.time(row.integer("ageMs")),
        row.get("lostMs") == null ? "-" : Shown.time(row.integer("lostMs")),
        Long.toString(row.integer("subscriptions")),
        Shown.bytes(row.integer("queuedBytes")),
        Long.toString(row.integer("generation")));
  }
}
