package dev.everwire.app.cli;

import dev.everwire.auth.ApiKey;
import dev.everwire.auth.ApiKeys;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "api-key",
    description = {
      "Makes an API key and prints it, once: it is kept nowhere.",
      "What follows it is for the server's configuration; the key cannot be made of it."
    })
final class TokenApiKeyCommand extends TokenCommand.About implements Callable<Integer> {
  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long it is good; for ever if left out.")
  private @Nullable Duration life;

  @Override
  public Integer call() {
    String name = user();
    if (name == null) {
      throw new CommandException(ExitStatus.USAGE, "--user (expected: a name)");
    }
    try {
      ApiKeys.Generated made = ApiKeys.generate(name);
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      ApiKey entry =
          made.entry()
              .withTenant(tenant())
              .withRoles(Set.copyOf(roles()))
              .withPermissions(Set.copyOf(permissions()))
              .withIssuedAt(now)
              .withExpiresAt(life == null ? null : now.plus(life(life)));
      if (json()) {
        tellJson(made.key(), entry);
      } else {
        print(made.key());
        print("");
        lines(entry);
      }
      return ExitStatus.OK.code();
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  /** As they stand in a configuration. */
  private void lines(ApiKey entry) {
    Principal principal = entry.principal();
    print("auth:");
    print("  apiKeys:");
    print("    - hash: " + TokenCommand.quoted(entry.hash()));
    print("      user: " + TokenCommand.quoted(String.valueOf(principal.user())));
    if (principal.tenant() != null) {
      print("      tenant: " + TokenCommand.quoted(principal.tenant()));
    }
    if (!roles().isEmpty()) {
      print("      roles: " + TokenCommand.quoted(roles()));
    }
    if (!permissions().isEmpty()) {
      print("      permissions: " + TokenCommand.quoted(permissions()));
    }
    print("      issuedAt: " + TokenCommand.quoted(String.valueOf(principal.issuedAt())));
    if (principal.expiresAt() != null) {
      print("      expiresAt: " + TokenCommand.quoted(String.valueOf(principal.expiresAt())));
    }
  }

  private void tellJson(String key, ApiKey entry) {
    Principal principal = entry.principal();
    JsonWriter out = new JsonWriter().beginObject().name("key").value(key);
    out.name("entry").beginObject().name("hash").value(entry.hash());
    out.name("user").value(principal.user());
    if (principal.tenant() != null) {
      out.name("tenant").value(principal.tenant());
    }
    list(out, "roles", roles());
    list(out, "permissions", permissions());
    out.name("issuedAt").value(String.valueOf(principal.issuedAt()));
    if (principal.expiresAt() != null) {
      out.name("expiresAt").value(String.valueOf(principal.expiresAt()));
    }
    print(out.endObject().endObject().toRawJson().toString());
  }

  private static void list(JsonWriter out, String name, List<String> values) {
    if (!values.isEmpty()) {
      out.name(name).beginArray();
      values.forEach(out::value);
      out.endArray();
    }
  }
}
