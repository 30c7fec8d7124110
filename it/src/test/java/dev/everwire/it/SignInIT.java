package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a server that asks who one is, in Chromium. */
final class SignInIT {
  private static final Duration WITHIN = Duration.ofSeconds(110);

  @TempDir Path directory;

  @Test
  void whoGivesATokenIsInAndNobodyElseIs() throws Exception {
    Path chromium = Tools.find("chromium", "chromium-browser", "google-chrome");
    Path secret = directory.resolve("secret");
    String token = token("--generate", "--secret-file", secret.toString(), "--for", "1h");
    Path config = directory.resolve("everwire.yaml");
    Files.writeString(
        config,
        """
        auth:
          anonymous: false
          jwt:
            clockSkew: 0s
            issuers: ["*"]
            audiences: ["*"]
            keys:
              - {secret: {file: "%s"}, algorithms: [hs256]}
        admin:
          open: false
          roles: [admin]
        """
            .formatted(secret));
    try (Serving server = Serving.on(0, "--config", config.toString())) {
      String soon = token("--secret-file", secret.toString(), "--for", "30s");
      try (Program browser =
          Program.start(
              "sign-in.mjs",
              List.of("node", "sign-in.mjs", "" + server.port(), chromium.toString(), token, soon),
              Tools.npm("browser").toFile())) {
        assertThat(browser.exit(WITHIN)).as("%s", browser).isZero();
        assertThat(browser.outLines(0)).last().asString().startsWith("ok: ");
      }
    }
  }

  private static String token(String... options) throws IOException, InterruptedException {
    String[] args = new String[options.length + 6];
    List.of("token", "issue", "--user", "ann", "--role", "admin").toArray(args);
    System.arraycopy(options, 0, args, 6, options.length);
    try (Program issue = Program.everwire(args)) {
      assertThat(issue.exit()).as("%s", issue).isZero();
      return issue.outLines(1).getLast();
    }
  }
}
