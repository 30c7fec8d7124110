package dev.everwire.client.internal.keep;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a client's user hears of it. Told on the loop; what has no word about that may be asked by
 * anybody.
 */
final class Telling {
  private static final Logger LOG = System.getLogger(Telling.class.getName());

  private final URI server;
  private final EventMailbox mailbox;
  private final Observer observer;

  // written on the loop, read by anybody
  private volatile Status status = new Status.Disconnected();
  private volatile long epoch; // of the present connection, or of the last one
  private long latest; // of the one that was opened last; event loop only

  Telling(Terms terms, URI server) {
    this.server = server;
    this.observer = Observer.guarded(terms.observer());
    this.mailbox =
        new EventMailbox(
            both(terms.onStatus(), terms.onEvent()),
            terms.workers(),
            terms.settings().eventBuffer());
  }

  private static Consumer<ClientEvent> both(
      Consumer<Status> onStatus, Consumer<ClientEvent> onEvent) {
    return event -> {
      try {
        if (event instanceof ClientEvent.StatusChanged(long epoch, Status status)) {
          onStatus.accept(status);
        }
      } finally {
        onEvent.accept(event);
      }
    };
  }

  Status status() {
    return status;
  }

  long epoch() {
    return epoch;
  }

  EventMailbox mailbox() {
    return mailbox;
  }

  void tell(ClientEvent event) {
    mailbox.tell(event);
  }

  /** The last word after the loop has ended, from any thread. */
  void lastWord(String why) {
    Status.Closed closed = new Status.Closed(why);
    if (!status.terminal()) {
      status = closed;
    }
    tell(new ClientEvent.StatusChanged(epoch, closed));
  }

  void status(Status next) {
    status = next;
    LOG.log(Level.INFO, "server=" + server + " status=" + next);
    tell(new ClientEvent.StatusChanged(epoch, next));
  }

  /**
   * @param successor whether the present connection is still there
   */
  void opened(long opened, URI endpoint, boolean successor) {
    latest = opened;
    if (!successor) {
      epoch = opened;
    }
    observer.on(new Observed.Connected(endpoint.toString(), opened));
    tell(new ClientEvent.Connected(opened, endpoint));
  }

  /** The connection that was opened last is the present one. */
  long present() {
    epoch = Math.max(epoch, latest);
    return epoch;
  }

  void gone(long gone, int code, String reason) {
    observer.on(new Observed.Disconnected(gone, code, reason));
    tell(new ClientEvent.Disconnected(gone, code, reason));
  }

  void refused(String why, boolean willRetry) {
    LOG.log(Level.WARNING, "server=" + server + " refused=\"" + why + "\" retry=" + willRetry);
    observer.on(new Observed.AuthenticationFailed(epoch, why));
    tell(new ClientEvent.AuthenticationFailed(epoch, why, willRetry));
  }

  void moving(String reason, Duration in) {
    LOG.log(Level.INFO, "server=" + server + " goaway=\"" + reason + "\" in=" + in);
    tell(new ClientEvent.Moving(epoch, reason, in));
  }
}
