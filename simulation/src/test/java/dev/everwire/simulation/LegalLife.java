package dev.everwire.simulation;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table that a client's events have to obey: which status may follow which, that connections
 * are counted from 1 and end once, and that nothing follows a terminal status.
 */
final class LegalLife {
  private final String name;
  private @Nullable Status status;
  private long lastEpoch;
  private final Set<Long> open = new HashSet<>();
  private @Nullable Status terminal;

  LegalLife(String name) {
    this.name = name;
  }

  /** The last word, or null. */
  @Nullable Status terminal() {
    return terminal;
  }

  boolean ready() {
    return status instanceof Status.Ready;
  }

  /** Whether every connection that was told of is over. */
  boolean allDisconnected() {
    return open.isEmpty();
  }

  void heard(ClientEvent event) {
    if (terminal != null) {
      throw new AssertionError(name + ": " + event + " came after " + terminal);
    }
    switch (event) {
      case ClientEvent.StatusChanged(long epoch, Status next) -> changed(next);
      case ClientEvent.Connected(long epoch, var endpoint) -> {
        if (epoch <= lastEpoch) {
          throw new AssertionError(name + ": connection " + epoch + " came after " + lastEpoch);
        }
        lastEpoch = epoch;
        open.add(epoch);
      }
      case ClientEvent.Disconnected(long epoch, int code, String reason) -> {
        if (!open.remove(epoch)) {
          throw new AssertionError(name + ": connection " + epoch + " ended and was not open");
        }
      }
      case ClientEvent.AuthenticationFailed failed -> {}
      case ClientEvent.Moving moving -> {}
      case ClientEvent.SubscriptionFailed failed -> {}
      case ClientEvent.Alert alert -> {}
      case ClientEvent.Message message -> {}
      case ClientEvent.Missed missed -> {}
    }
  }

  private void changed(Status next) {
    Status from = status;
    if (!legal(from, next)) {
      throw new AssertionError(name + ": " + next + " came after " + from);
    }
    status = next;
    if (next.terminal()) {
      terminal = next;
      if (!open.isEmpty()) {
        throw new AssertionError(name + ": " + next + " while connections " + open + " are open");
      }
    }
  }

  private static boolean legal(@Nullable Status from, Status to) {
    return switch (from) {
      case null -> to instanceof Status.Connecting(int attempt) && attempt == 1;
      case Status.Disconnected none -> to instanceof Status.Connecting;
      case Status.Connecting connecting ->
          to instanceof Status.Connected
              || to instanceof Status.Reconnecting
              || to instanceof Status.Closing;
      case Status.Connected connected ->
          to instanceof Status.Authenticating
              || to instanceof Status.Ready
              || to instanceof Status.Reconnecting
              || to instanceof Status.Closing;
      case Status.Authenticating authenticating ->
          to instanceof Status.Ready
              || to instanceof Status.Reconnecting
              || to instanceof Status.Closing;
      // Connecting and Connected: lost while its successor was on the way
      case Status.Ready ready ->
          to instanceof Status.Ready
              || to instanceof Status.Reconnecting
              || to instanceof Status.Connecting
              || to instanceof Status.Connected
              || to instanceof Status.Authenticating
              || to instanceof Status.Closing;
      case Status.Reconnecting(int attempt, var delay, var why) ->
          (to instanceof Status.Connecting(int next) && next == attempt)
              || to instanceof Status.Closing;
      case Status.Closing closing -> to.terminal();
      case Status.Closed closed -> false;
      case Status.Failed failed -> false;
    };
  }
}
