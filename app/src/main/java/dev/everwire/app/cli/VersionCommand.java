package dev.everwire.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand extends BaseCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    out().println(Version.line());
    return ExitStatus.OK.code();
  }
}
