package dev.everwire.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who the user of a command is. What is secret is never printed, nor part of an error. */
final class TokenOptions {
  private static final String VARIABLE = "EVERWIRE_TOKEN";
  private static final String STANDARD_INPUT = "-";
  private static final int LONGEST = 7_000; // has to fit into a request of 8 KiB

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Says who you are. Other users of this machine can see the arguments of a command, so"
              + " better use --token-file or the environment variable "
              + VARIABLE
              + ".")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Reads the token from the first line of a file, - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--token-in-clear",
      description =
          "Sends the token over ws:// to another machine, too, where everybody on the way can read"
              + " it.")
  private boolean inClear;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command; // set by picocli before the command runs

  /**
   * Null if there is none. Without encryption it is told to this machine only, unless that is asked
   * for.
   *
   * @param to as it is dialled
   */
  @Nullable String token(URI to) {
    String found = token();
    if (found != null && !inClear && !"wss".equals(to.getScheme()) && !Urls.loopback(to)) {
      throw wrong(
          "the token would go to "
              + to.getHost()
              + " unencrypted (expected: wss://, or --token-in-clear)");
    }
    return found;
  }

  private @Nullable String token() {
    if (token != null && file != null) {
      throw wrong("--token and --token-file: expected one of them");
    }
    if (token != null) {
      return checked(token, "--token");
    }
    if (file != null) {
      return checked(firstLine(file), "--token-file: the first line of " + file);
    }
    String given = System.getenv(VARIABLE);
    return given == null || given.isEmpty() ? null : checked(given, VARIABLE);
  }

  private String firstLine(String file) {
    try (InputStream in =
        file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file))) {
      if (command != null
          && !file.equals(STANDARD_INPUT)
          && TokenFiles.readableByOthers(Path.of(file))) {
        PrintWriter err = command.commandLine().getErr();
        err.println("warning: " + file + " can be read by others (chmod 600)");
        err.flush();
      }
      String text = new String(in.readNBytes(LONGEST + 2), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").strip();
    } catch (IOException | IllegalArgumentException e) { // no such path
      throw wrong("--token-file: " + file + " cannot be read");
    }
  }

  private static String checked(String text, String where) {
    boolean fits =
        !text.isEmpty()
            && text.length() <= LONGEST
            && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!fits) {
      throw wrong(where + " is no token (expected: 1-" + LONGEST + " visible ASCII characters)");
    }
    return text;
  }

  private static CommandException wrong(String sentence) {
    return new CommandException(ExitStatus.USAGE, sentence);
  }
}
