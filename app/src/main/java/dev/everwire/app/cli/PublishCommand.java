package dev.everwire.app.cli;

import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "publish",
    description = {
      "Publishes to a topic and prints where it stands there, as EPOCH:OFFSET.",
      "With --json prints {\"epoch\":…,\"offset\":…} instead."
    })
final class PublishCommand extends RemoteCommand implements Callable<Integer> {
  @Parameters(index = "1", paramLabel = "TOPIC", description = Texts.TOPIC)
  private @Nullable TopicName topic;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "DATA",
      description = "Any JSON. If left out, each line of standard input is published.")
  private @Nullable RawJson data;

  @Override
  public Integer call() throws IOException {
    try (Client client = client().reconnect(ReconnectPolicy.never()).connect()) {
      if (data == null) {
        publishLines(client);
      } else {
        publish(client, data);
      }
    }
    return ExitStatus.OK.code();
  }

  private void publishLines(Client client) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (!line.isBlank()) {
        publish(client, parse(line, number));
      }
    }
  }

  private void publish(Client client, RawJson json) {
    Position position = client.publish(String.valueOf(topic), json);
    print(
        json()
            ? new JsonWriter()
                .beginObject()
                .name("epoch")
                .value(position.epoch())
                .name("offset")
                .value(position.offset())
                .endObject()
                .toRawJson()
                .toString()
            : position.toString());
  }

  private static RawJson parse(String line, int number) {
    try {
      return RawJson.parse(line);
    } catch (JsonException e) {
      throw new CommandException(
          ExitStatus.USAGE,
          "line "
              + number
              + " is not valid JSON: "
              + e.getMessage()
              + "; nothing of it or behind it"
              + " was published");
    }
  }
}
