package dev.everwire.session.internal.contract;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.session.contract.ArgumentCheck;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** What looks at the arguments of one operation. Safe from any thread. */
final class ArgumentChecks {
  private static final int MOST_TOLD = 16;
  private static final int LONGEST = 256; // a message may hold what was sent

  private final Operation operation;
  private final List<ArgumentCheck.Prepared> prepared;

  private ArgumentChecks(Operation operation, List<ArgumentCheck.Prepared> prepared) {
    this.operation = operation;
    this.prepared = prepared;
  }

  static ArgumentChecks of(Operation operation, Object implementation) {
    return of(operation, implementation, Found.CHECKS);
  }

  static ArgumentChecks of(Operation operation, Object implementation, List<ArgumentCheck> checks) {
    List<ArgumentCheck.Prepared> prepared = new ArrayList<>();
    for (ArgumentCheck check : checks) {
      ArgumentCheck.Prepared one = check.prepare(operation.method(), implementation);
      if (one != null) {
        prepared.add(one);
      }
    }
    return new ArgumentChecks(operation, List.copyOf(prepared));
  }

  /**
   * @throws FaultException −32602 naming the parameters
   */
  void check(@Nullable Object[] arguments) {
    if (prepared.isEmpty()) {
      return;
    }
    List<ArgumentCheck.Violation> wrong = new ArrayList<>();
    for (ArgumentCheck.Prepared one : prepared) {
      wrong.addAll(one.check(arguments));
    }
    if (!wrong.isEmpty()) {
      throw new FaultException(fault(wrong));
    }
  }

  private Fault fault(List<ArgumentCheck.Violation> wrong) {
    JsonWriter data = new JsonWriter();
    data.beginObject().name("reason").value("violations").name("violations").beginArray();
    for (ArgumentCheck.Violation each : wrong.subList(0, Math.min(wrong.size(), MOST_TOLD))) {
      data.beginObject().name("path").value(path(each));
      data.name("message").value(message(each)).endObject();
    }
    data.endArray().endObject();
    ArgumentCheck.Violation first = wrong.getFirst();
    return new Fault(
        FaultCode.INVALID_PARAMS,
        "Invalid params: " + path(first) + ": " + message(first),
        data.toRawJson());
  }

  private static String message(ArgumentCheck.Violation violation) {
    String said = violation.message();
    if (said.length() <= LONGEST) {
      return said;
    }
    int end = Character.isHighSurrogate(said.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return said.substring(0, end) + "…";
  }

  private String path(ArgumentCheck.Violation violation) {
    String inside = violation.path();
    String name = name(violation.argument());
    if (operation.flat() && !inside.isEmpty()) {
      return inside;
    }
    return inside.isEmpty() || inside.startsWith("[") ? name + inside : name + "." + inside;
  }

  private String name(int argument) {
    for (Input input : operation.inputs()) {
      if (input.place() == argument) {
        return input.name();
      }
    }
    return "params";
  }

  /** Those of this program. */
  private static final class Found {
    static final List<ArgumentCheck> CHECKS = find(ServiceLoader.load(ArgumentCheck.class));
  }

  /** One that cannot be loaded, for want of the library it is for, is no check. */
  static List<ArgumentCheck> find(Iterable<ArgumentCheck> loader) {
    List<ArgumentCheck> found = new ArrayList<>();
    Iterator<ArgumentCheck> checks = loader.iterator();
    boolean more = true;
    while (more) {
      try {
        more = checks.hasNext();
        if (more) {
          found.add(checks.next());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        System.getLogger(ArgumentChecks.class.getName())
            .log(Level.WARNING, "arguments are not checked by one that cannot be loaded", e);
      }
    }
    return List.copyOf(found);
  }
}
