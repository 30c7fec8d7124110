package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "reload",
    description = {
      "Has a server read its configuration again and apply what can change while it runs. Says"
          + " what changed; if anything is wrong or needs a restart, nothing is applied and the exit"
          + " status is 1.",
    })
final class ReloadCommand extends AdminCommand {
  @Option(names = "--dry-run", description = "Only says what would change.")
  private boolean dryRun;

  @Override
  ExitStatus run(Administrator server) {
    RawJson answer = server.ask("reload", Map.of("dryRun", dryRun));
    JsonMembers members = answer.members();
    List<RawJson> changed = elements(members, "changed");
    List<RawJson> problems = elements(members, "problems");
    if (json()) {
      print(Shown.json(answer));
    } else {
      tell(changed, problems, members);
    }
    return problems.isEmpty() ? ExitStatus.OK : ExitStatus.REFUSED;
  }

  private void tell(List<RawJson> changed, List<RawJson> problems, JsonMembers members) {
    if (!changed.isEmpty()) {
      Table table = new Table(this::print, "OPTION", "FROM", "TO", "");
      for (RawJson one : changed) {
        JsonMembers change = one.members();
        table.row(
            List.of(
                Shown.text(change.string("option")),
                Shown.value(change.get("from")),
                Shown.value(change.get("to")),
                change.bool("live", false) ? "live" : "needs a restart"));
      }
      table.end();
    }
    long more = members.integer("more", 0);
    if (more > 0) {
      print("and " + more + " more");
    }
    problems.forEach(problem -> remark(Shown.value(problem)));
    print(outcome(changed, problems, members.bool("applied", false)));
  }

  private String outcome(List<RawJson> changed, List<RawJson> problems, boolean applied) {
    if (!problems.isEmpty()) {
      return dryRun ? "would not be applied" : "not applied";
    }
    if (changed.isEmpty()) {
      return "nothing has changed";
    }
    return applied ? "applied" : dryRun ? "would be applied" : "not applied";
  }

  private static List<RawJson> elements(JsonMembers members, String name) {
    RawJson list = members.get(name);
    return list == null ? List.of() : list.elements();
  }
}
