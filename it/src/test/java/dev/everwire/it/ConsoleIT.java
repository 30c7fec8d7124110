package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page and the chat in Chromium, with the server killed and started again under them. */
final class ConsoleIT {
  private static final Duration WITHIN = Duration.ofSeconds(160);

  @Test
  void twoWindowsChatAcrossAKillAndThePageShowsIt() throws Exception {
    Path chromium = Tools.find("chromium", "chromium-browser", "google-chrome");
    var directory = Tools.npm("browser").toFile();
    try (Serving first = Serving.on(0);
        Program browser =
            Program.start(
                "console.mjs",
                List.of("node", "console.mjs", "" + first.port(), chromium.toString()),
                directory)) {
      String unused = browser.out(line -> line.equals("cut"));
      first.program().kill();
      unused = browser.out(line -> line.equals("gone"));
      try (Serving second = Serving.on(first.port())) {
        assertThat(browser.exit(WITHIN)).as("%s", browser).isZero();
        assertThat(browser.outLines(0)).last().asString().startsWith("ok: ");
        assertThat(second.program().alive()).isTrue();
      }
    }
  }
}
