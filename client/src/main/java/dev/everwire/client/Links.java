package dev.everwire.client;

import dev.everwire.client.internal.calls.Resumption;
import dev.everwire.protocol.CloseCode;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one client: the present one, its successor while there is one, and those that
 * were let go and are not gone yet. Event loop only.
 */
final class Links {
  /** The peer's Close frame is waited for so long after ours. */
  private static final Duration FAREWELL = Duration.ofMillis(500);

  /** More than so many do not finish at once what runs on them: the oldest is ended. */
  private static final int MOST_FINISHING = 4;

  /** One connection and its bytes. */
  static final class Link {
    final long epoch;
    final URI endpoint;
    final Transport transport;
    final Connection connection;
    @Nullable String session; // once hello was answered
    Resumption answer = Resumption.NONE; // to hello
    boolean announced;
    boolean unsure; // it has asked for the session, and nobody knows whether it has it
    private boolean left; // closing was begun

    Link(long epoch, URI endpoint, Transport transport, Connection connection) {
      this.epoch = epoch;
      this.endpoint = endpoint;
      this.transport = transport;
      this.connection = connection;
    }
  }

  /** What a connection was when it ended. */
  enum Place {
    PRESENT,
    SUCCESSOR,
    LET_GO,
    UNKNOWN
  }

  private final Loop loop;
  private final List<Link> letGo = new ArrayList<>(); // oldest first
  private @Nullable Link present;
  private @Nullable Link successor; // while there is a present one

  Links(Loop loop) {
    this.loop = loop;
  }

  @Nullable Link present() {
    return present;
  }

  /** The one that was opened last, unless it was let go. */
  @Nullable Link newest() {
    return successor == null ? present : successor;
  }

  /** Whether this is the present one or its successor. */
  boolean counts(Link link) {
    return link == present || link == successor;
  }

  boolean none() {
    return letGo.isEmpty() && present == null && successor == null;
  }

  @Nullable Link find(Connection connection) {
    if (present != null && present.connection == connection) {
      return present;
    }
    if (successor != null && successor.connection == connection) {
      return successor;
    }
    for (Link link : letGo) {
      if (link.connection == connection) {
        return link;
      }
    }
    return null;
  }

  void opened(Link link) {
    if (present == null) {
      present = link;
    } else {
      successor = link;
    }
  }

  /** One that nobody wants any more. */
  void unwanted(Link link) {
    link.left = true;
    letGo.add(link);
    loop.execute(link.transport::abort); // later: the transport does not know us yet
  }

  /** It has ended: when the present one has, its successor takes the place. */
  Place ended(Link link) {
    if (link == present) {
      present = successor;
      successor = null;
      return Place.PRESENT;
    }
    if (link == successor) {
      successor = null;
      return Place.SUCCESSOR;
    }
    return letGo.remove(link) ? Place.LET_GO : Place.UNKNOWN;
  }

  /** The successor takes the place; the former leaves when nothing runs on it, or then. */
  void handOver(Duration closeIn) {
    Link former = present;
    present = successor;
    successor = null;
    if (former != null) {
      letGo.add(former);
      endOldest();
      Farewell.wave(
          former.connection, loop, closeIn, () -> leave(former, CloseCode.NORMAL, "moved"));
    }
  }

  private void endOldest() {
    List<Link> finishing = letGo.stream().filter(link -> !link.left).toList();
    if (finishing.size() > MOST_FINISHING) {
      leave(finishing.getFirst(), CloseCode.NORMAL, "moved");
    }
  }

  void drop(@Nullable Link link, CloseCode code, String reason) {
    if (link == null || !counts(link)) {
      return;
    }
    if (link == present) {
      present = successor;
    }
    successor = null;
    letGo.add(link);
    leave(link, code, reason);
  }

  void dropSuccessor(CloseCode code, String reason) {
    drop(successor, code, reason);
  }

  /** The present one and its successor. */
  void dropBoth(CloseCode code, String reason) {
    dropSuccessor(code, reason);
    drop(present, code, reason);
  }

  /** Those that were handed over, too, are not waited for. */
  void leaveAll(CloseCode code, String reason) {
    List.copyOf(letGo).forEach(link -> leave(link, code, reason));
  }

  private void leave(Link link, CloseCode code, String reason) {
    if (link.left) {
      return;
    }
    link.left = true;
    if (link.unsure) {
      link.transport.abort(); // a Close frame could end the session that the next one comes for
      return;
    }
    link.connection.close(code, reason);
    loop.schedule(
        FAREWELL.toNanos(),
        () -> {
          if (letGo.contains(link)) {
            link.transport.abort();
          }
        });
  }
}
