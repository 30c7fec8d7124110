package dev.everwire.app.cli;

import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.session.ConnectionLostException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and with which exit status. Never a stack trace. */
final class Sentences {
  private Sentences() {}

  static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + oneLine(e) + " (see " + name + " --help)");
    command.getErr().flush();
    return ExitStatus.USAGE.code();
  }

  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof CommandException.OutputClosed) {
      return ExitStatus.OK.code();
    }
    ExitStatus status = status(e);
    String sentence =
        status == ExitStatus.INTERNAL
            ? "internal error: " + e.getClass().getSimpleName() + ": " + oneLine(e)
            : oneLine(e);
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + sentence);
    command.getErr().flush();
    return status.code();
  }

  private static String sentence(Fault fault) {
    return fault.message()
        + " ("
        + fault.code()
        + (fault.data() == null ? ")" : ", data " + fault.data() + ")");
  }

  static ExitStatus status(Exception e) {
    return switch (e) {
      case CommandException command -> command.status();
      case ConnectFailedException failed when failed.httpStatus() != 0 -> ExitStatus.REFUSED;
      case ConnectFailedException failed -> ExitStatus.UNAVAILABLE;
      case ConnectionLostException lost -> ExitStatus.UNAVAILABLE;
      case FaultException late when late.fault().code() == FaultCode.DEADLINE_PASSED ->
          ExitStatus.UNAVAILABLE;
      case FaultException fault -> ExitStatus.REFUSED;
      default -> ExitStatus.INTERNAL;
    };
  }

  static String oneLine(Exception e) {
    String text =
        e instanceof FaultException refused && !(e instanceof ConnectionLostException)
            ? sentence(refused.fault())
            : String.valueOf(e.getMessage());
    return text.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
