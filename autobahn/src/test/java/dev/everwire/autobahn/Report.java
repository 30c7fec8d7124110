package dev.everwire.autobahn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The report that the suite leaves in a directory about one agent. */
final class Report {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String INDEX = "index.json";

  private final Path directory;
  private final Map<String, JsonNode> cases = new TreeMap<>(Verdict.BY_NUMBER);

  private Report(Path directory, JsonNode agent) {
    this.directory = directory;
    agent.propertyStream().forEach(entry -> cases.put(entry.getKey(), entry.getValue()));
  }

  /** So that a run that breaks off is not judged by an earlier one. */
  static void forget(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(INDEX));
  }

  static Report read(Path directory, String agent) throws IOException {
    Path index = directory.resolve(INDEX);
    if (!Files.exists(index)) {
      throw new IOException("the suite has written no report to " + directory);
    }
    return new Report(directory, JSON.readTree(Files.readString(index)).path(agent));
  }

  List<Verdict> verdicts() {
    var verdicts = new ArrayList<Verdict>();
    cases.forEach((id, entry) ->
        verdicts.add(
            new Verdict(
                id,
                Behaviour.parse(entry.path("behavior").asString()),
                Behaviour.parse(entry.path("behaviorClose").asString()))));
    return verdicts;
  }

  /** What the suite expected of a case and what it saw, in a few lines. */
  String explain(String id) throws IOException {
    Path file = directory.resolve(cases.get(id).path("reportfile").asString());
    JsonNode report = JSON.readTree(Files.readString(file));
    return """
    %s
      expectation  %s
      result       %s
      close        %s; code %s "%s"
      frames       %s
    """
        .formatted(
            report.path("description").asString(),
            report.path("expectation").asString(),
            report.path("result").asString(),
            report.path("resultClose").asString(),
            report.path("remoteCloseCode").asString("none"),
            report.path("remoteCloseReason").asString(""),
            file.toString().replace(".json", ".html"))
        .stripTrailing();
  }
}
