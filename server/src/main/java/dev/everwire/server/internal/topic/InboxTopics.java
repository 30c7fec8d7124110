package dev.everwire.server.internal.topic;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.session.internal.Connection;

/**
 * The inboxes: each session's is a topic of its own to the broker, {@code $inbox/<session>}, and
 * {@code $inbox} to its client, who can name no other.
 */
final class InboxTopics {
  /**
   * Before the first message, whatever the epoch will be: of an inbox to which nothing is known to
   * have been sent. No stream has this epoch.
   */
  static final Position FIRST = new Position(Names.INBOX, 0);

  private static final String PREFIX = Names.INBOX + "/";

  private InboxTopics() {}

  /**
   * The inbox of a connection's session.
   *
   * @throws FaultException −32004 if its session is not kept
   */
  static String of(Connection connection) {
    if (connection.tenure().kept() == null) {
      throw new FaultException(FaultCode.NOT_FOUND, "no such topic: the session is not kept");
    }
    return of(connection.sessionId());
  }

  static String of(String session) {
    return PREFIX + session;
  }

  /** What clients call a topic. */
  static String told(String topic) {
    return topic.startsWith(PREFIX) ? Names.INBOX : topic;
  }

  static Gap told(Gap gap) {
    return gap.topic().startsWith(PREFIX)
        ? new Gap(Names.INBOX, gap.from(), gap.to(), gap.reason(), gap.epoch())
        : gap;
  }

  static Subscribed told(Subscribed answer) {
    return answer.topic().startsWith(PREFIX)
        ? new Subscribed(
            Names.INBOX,
            answer.position(),
            answer.recovery(),
            answer.events(),
            answer.more(),
            answer.reason(),
            answer.first())
        : answer;
  }
}
