package dev.everwire.app.cli;

import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonWriter;
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

  /** For scripts: {@code {"error":{…}}}. */
  static String json(Fault fault) {
    JsonWriter out = new JsonWriter().beginObject().name("error").beginObject();
    out.name("code").value(fault.code()).name("message").value(fault.message());
    if (fault.data() != null) {
      out.name("data").value(fault.data());
    }
    return Shown.json(out.endObject().endObject().toRawJson());
  }

  static ExitStatus status(Exception e) {
    return switch (e) {
      case CommandException command -> command.status();
      case ConnectFailedException failed when refused(failed) -> ExitStatus.REFUSED;
      case ConnectFailedException failed -> ExitStatus.UNAVAILABLE;
      case ConnectionLostException lost -> ExitStatus.UNAVAILABLE;
      case FaultException late when late.fault().code() == FaultCode.DEADLINE_PASSED ->
          ExitStatus.UNAVAILABLE;
      case FaultException fault -> ExitStatus.REFUSED;
      default -> ExitStatus.INTERNAL;
    };
  }

  /** By an answer to the request, or to what is said first behind it. */
  private static boolean refused(ConnectFailedException failed) {
    return failed.httpStatus() != 0
        || String.valueOf(failed.getMessage()).contains(": hello refused: ");
  }

  static String oneLine(Exception e) {
    String text =
        e instanceof FaultException refused && !(e instanceof ConnectionLostException)
            ? sentence(refused.fault())
            : String.valueOf(e.getMessage());
    return Shown.safe(text.replaceAll("\\s*\\R\\s*", " ").strip());
  }
}
