package dev.everwire.server.internal.drain;

import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.util.function.BiConsumer;

/** Everybody who is connected. Safe from any thread. */
public interface Crowd {

  int size();

  /** Those who live on that loop, at this moment; called on it. */
  void each(Loop loop, BiConsumer<Transport, Member> visitor);
}
