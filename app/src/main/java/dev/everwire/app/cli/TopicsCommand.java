package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "topics",
    description = {
      "Lists the topics that have subscribers on a server, and where each stands.",
      "With --json each topic is one line as the server said it."
    })
final class TopicsCommand extends AdminCommand {
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
  }

  @Override
  ExitStatus run(Administrator server) {
    Table table = new Table(this::print, "TOPIC", "SUBSCRIBERS", "EPOCH", "OFFSET");
    boolean more =
        server.rows(
            "topics",
            Map.of(),
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
    return ExitStatus.OK;
  }

  private static List<String> cells(JsonMembers row) {
    return List.of(
        Shown.text(row.string("topic")),
        Long.toString(row.integer("subscribers")),
        Shown.text(row.stringOrNull("epoch")),
        Long.toString(row.integer("offset")));
  }
}
