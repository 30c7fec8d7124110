package dev.everwire.app.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: where it prints. */
@Command
abstract class BaseCommand {
  @Spec private @Nullable CommandSpec spec; // set by picocli before the command runs

  final PrintWriter out() {
    return spec().commandLine().getOut();
  }

  final PrintWriter err() {
    return spec().commandLine().getErr();
  }

  /** Prints a line at once; what a terminal could obey is escaped, whoever wrote it. */
  final void print(String line) {
    PrintWriter out = out();
    out.println(Shown.safe(line));
    if (out.checkError()) {
      throw new CommandException.OutputClosed();
    }
  }

  /** A text of ours, line by line. */
  final void printLines(String text) {
    text.lines().forEach(this::print);
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not made by picocli");
    }
    return spec;
  }
}
