package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * People with tokens that {@code everwire token issue} made.
 *
 * @param secret the file that their tokens are signed with
 * @param clerk whose role is clerk
 * @param admin whose role is admin
 */
record Staff(Path secret, String clerk, String admin) {
  static Staff hire(Path directory) throws IOException, InterruptedException {
    Path secret = directory.resolve("secret");
    String clerk = token(secret, "--generate", "--user", "ann", "--role", "clerk");
    return new Staff(secret, clerk, token(secret, "--user", "root", "--role", "admin"));
  }

  private static String token(Path secret, String... who) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("token", "issue", "--issuer", "it", "--audience", "test"));
    words.addAll(List.of("--secret-file", secret.toString()));
    words.addAll(List.of(who));
    try (Program program = Program.everwire(words.toArray(String[]::new))) {
      assertThat(program.exit()).as("%s", program).isZero();
      return program.outLines(1).getFirst();
    }
  }

  /** What a file says so that these people may come in, and nobody else. */
  String auth() {
    return """
    auth:
      anonymous: false
      jwt:
        issuers: [it]
        audiences: [test]
        keys: [{secret: {file: "%s"}, algorithms: [HS256]}]
    """
        .formatted(secret);
  }
}
