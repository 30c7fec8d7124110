package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.RawJson;

/** How one of our calls ended. */
public sealed interface CallOutcome {

  record Answered(RawJson result) implements CallOutcome {}

  /** By the peer, or by us before it was sent. */
  record Refused(Fault fault) implements CallOutcome {}

  /** The deadline passed; the peer was told to stop. */
  record Expired() implements CallOutcome {}

  /** We gave up; the peer was told to stop. */
  record Cancelled() implements CallOutcome {}

  /**
   * The link went away.
   *
   * @param maybeExecuted whether the call had been sent
   */
  record Lost(boolean maybeExecuted, String reason) implements CallOutcome {}
}
