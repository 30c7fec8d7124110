package dev.everwire.client.link;

import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a client, in one stream. Everything but {@link Message} and {@link Alert} is told
 * whatever it takes, in order; the last is the {@link StatusChanged} with a terminal {@link
 * Status}.
 */
public sealed interface ClientEvent {

  /**
   * Which connection it is about: 1 for the first that was opened, one more for each after it; 0
   * before that.
   */
  long epoch();

  /** The client's status is another now. */
  record StatusChanged(long epoch, Status status) implements ClientEvent {}

  /**
   * A WebSocket was opened. Nothing was said on it yet.
   *
   * @param endpoint without the query, which may hold a token
   */
  record Connected(long epoch, URI endpoint) implements ClientEvent {}

  /**
   * A WebSocket that was told as {@link Connected} is over, whoever ended it.
   *
   * @param code of the Close frame; 1005 if it had none, 1006 if none came
   * @param reason the peer's, or one sentence of ours; may be empty
   */
  record Disconnected(long epoch, int code, String reason) implements ClientEvent {}

  /**
   * The server did not take us for whom we say we are.
   *
   * @param willRetry whether the supplier is asked for another token
   */
  record AuthenticationFailed(long epoch, String why, boolean willRetry) implements ClientEvent {}

  /**
   * The server goes away, and another connection is opened while this one still works.
   *
   * @param reason the server's word, such as {@code deploy}
   * @param in until the other connection is dialled
   */
  record Moving(long epoch, String reason, Duration in) implements ClientEvent {}

  /** A topic could not be subscribed; others go on. */
  record SubscriptionFailed(long epoch, String topic, String why) implements ClientEvent {}

  /**
   * A message that answers no request and belongs to no subscription. Only as many wait as the
   * settings say; those beyond are counted as {@link Missed}.
   *
   * @param kind what the handler took it for
   * @param topic empty if it names none
   */
  record Message(long epoch, String kind, String topic, String text) implements ClientEvent {}

  /**
   * An administrator of the server has something to say to people. Bounded as messages are.
   *
   * @param severity {@code info}, {@code warning}, {@code critical}, or another word
   * @param message may be empty if there is data
   * @param data for programs, or null
   */
  record Alert(long epoch, String severity, String message, @Nullable RawJson data)
      implements ClientEvent {}

  /** So many {@link Message}s and {@link Alert}s came while too many waited to be heard. */
  record Missed(long epoch, long count) implements ClientEvent {}
}
