package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.session.internal.rpc.CallOutcome;

/** How calls end that were not, or not again, sent. */
final class Ends {
  private static final String GAVE_WAY_TO = "gave way to newer messages";

  static final CallOutcome NOT_CONNECTED = new CallOutcome.Lost(false, "not connected");
  static final CallOutcome TOO_MANY = overloaded("too many calls are pending");
  static final CallOutcome NO_ROOM = overloaded("too much waits to be sent");
  static final CallOutcome GAVE_WAY = overloaded(GAVE_WAY_TO);
  static final CallOutcome NOT_MADE = new CallOutcome.Lost(true, "the call could not be made");

  private Ends() {}

  private static CallOutcome overloaded(String why) {
    return new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, why));
  }

  /** What its caller is told: that it may have run on a former connection is not forgotten. */
  static CallOutcome told(Call call, CallOutcome outcome) {
    if (!call.maybeExecuted) {
      return outcome;
    }
    if (outcome.equals(GAVE_WAY)) {
      return new CallOutcome.Lost(true, GAVE_WAY_TO);
    }
    return outcome instanceof CallOutcome.Lost(var executed, String why)
        ? new CallOutcome.Lost(true, why)
        : outcome;
  }
}
