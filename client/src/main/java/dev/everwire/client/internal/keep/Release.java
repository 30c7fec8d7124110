package dev.everwire.client.internal.keep;

import dev.everwire.session.transport.Dialer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets the dialer of a closed client go, once. Event loop only, except for {@link #done}. */
final class Release {
  private final @Nullable Dialer own;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean begun;

  /**
   * @param own null if the dialer stays the user's
   */
  Release(@Nullable Dialer own) {
    this.own = own;
  }

  /** Done when nothing of the client is left. Safe from any thread. */
  CompletableFuture<Void> done() {
    return done;
  }

  void begin() {
    if (begun) {
      return;
    }
    begun = true;
    Dialer last = own;
    if (last == null) {
      done.complete(null);
      return;
    }
    // Not here: closing waits for this very loop to end.
    Thread.ofVirtual()
        .name("everwire-farewell")
        .start(() -> {
          try {
            last.close();
          } finally {
            done.complete(null);
          }
        });
  }
}
