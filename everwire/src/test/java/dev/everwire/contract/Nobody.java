package dev.everwire.contract;

import dev.everwire.session.Caller;
import dev.everwire.session.Peer;
import java.time.Duration;
import java.util.Optional;

/** A caller that nobody asks anything. */
final class Nobody implements Caller {
  @Override
  public Peer peer() {
    throw new AssertionError("not needed");
  }

  @Override
  public Optional<String> user() {
    return Optional.empty();
  }

  @Override
  public String sessionId() {
    return "none";
  }

  @Override
  public String connectionId() {
    return "none";
  }

  @Override
  public String remoteAddress() {
    return "nowhere";
  }

  @Override
  public Optional<Duration> remaining() {
    return Optional.empty();
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public void progress(Object value) {}
}
