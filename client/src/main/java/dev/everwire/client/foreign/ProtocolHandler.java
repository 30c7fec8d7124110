package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.json.Utf8;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one service talks over a WebSocket. The client asks it what to send and what a message means;
 * connecting, waiting, counting and resending are the client's.
 *
 * <p>An inbound message is shown to it in this order, and the first that takes it ends the matter:
 * {@link #decodeBinary} for a binary one, {@link #isServerPing}, {@link #isPong}, {@link
 * #isAuthFailure} and {@link #isAuthSuccess} while authentication is under way, {@link
 * #shouldReconnect}, {@link #classify}. Then a response goes to whoever waits for its {@link
 * #requestId}, an update to the subscriptions of its {@link #topic}, and everything else becomes an
 * event.
 *
 * <p>Called on the client's event loop, one call at a time: a method must not block. What it throws
 * is logged; the message then counts as {@link MessageKind#UNKNOWN}, the request or subscription as
 * failed, and the client goes on. A handler belongs to one client.
 */
public interface ProtocolHandler {

  // ---- a connection begins

  /** Sent first on each connection, in this order. */
  default List<? extends ForeignMessage> onConnect() {
    return List.of();
  }

  /**
   * Sent behind {@link #onConnect()} by a client that authenticates in messages. The connection is
   * ready once {@link #isAuthSuccess} has seen the answer, and given up if that does not come in
   * time. Where there is none the connection is refused.
   *
   * @param token of the client's token supplier, null if it has none
   */
  default Optional<ForeignMessage> authMessage(@Nullable String token) {
    return Optional.empty();
  }

  /** Nothing is taken for a success unless a handler says so. */
  default boolean isAuthSuccess(Text message) {
    return false;
  }

  /** Asked before {@link #isAuthSuccess}. */
  default boolean isAuthFailure(Text message) {
    return false;
  }

  // ---- what a message is

  MessageKind classify(Text message);

  /** The id of the request that this answers. */
  Optional<String> requestId(Text message);

  /** The topic that this is about. */
  Optional<String> topic(Text message);

  /** What a response says went wrong; empty for a result. */
  default Optional<Fault> fault(Text response) {
    return Optional.empty();
  }

  /** The part of a response that is bound to the caller's type; the whole of it unless said. */
  default RawJson result(Text response) {
    return whole(response);
  }

  /** The part of an update that is bound to the subscriber's type; the whole of it unless said. */
  default RawJson data(Text update) {
    return whole(update);
  }

  /**
   * A binary message as text; UTF-8 unless said.
   *
   * @param maxBytes the result must not be longer, so that a small message cannot unfold without
   *     end
   * @throws IllegalArgumentException it cannot be read, or gets too long
   */
  default Text decodeBinary(byte[] bytes, int maxBytes) {
    if (!Utf8.valid(ByteBuffer.wrap(bytes))) {
      throw new IllegalArgumentException("binary message: not UTF-8");
    }
    return Text.trusted(bytes);
  }

  // ---- subscriptions

  /**
   * Asks for topics; usually one message for all of them.
   *
   * @param topics at least one, at most as many as the client's batch
   * @param id to find the answer by
   */
  List<? extends ForeignMessage> subscribe(List<String> topics, String id);

  /** As {@link #subscribe}, to end them. */
  List<? extends ForeignMessage> unsubscribe(List<String> topics, String id);

  /**
   * Whether the service answers a subscribe. If so a subscription is in force only when {@link
   * #confirmation} says so, or an update of its topic comes, and fails when neither does in time.
   * If not, it counts as in force when it was written.
   */
  default boolean confirmsSubscriptions() {
    return false;
  }

  /**
   * What a message says about subscriptions that wait for their answer. Asked for a response with
   * the id of a subscribe, and for any message without an id that is neither response nor update.
   * Unless said otherwise, a response confirms or refuses all of them.
   *
   * @param topics those that the answered subscribe asked for; all that wait if there is no id
   */
  default Confirmation confirmation(Text message, List<String> topics) {
    if (requestId(message).isEmpty()) {
      return Confirmation.NONE;
    }
    return fault(message)
        .map(why -> Confirmation.refused(topics, why))
        .orElseGet(() -> Confirmation.confirmed(topics));
  }

  // ---- heartbeat

  /** Asks whether the service is there; empty to use ping frames. */
  default Optional<ForeignMessage> ping() {
    return Optional.empty();
  }

  /** Answers a ping of the service; empty to say nothing. */
  default Optional<ForeignMessage> pong(Text ping) {
    return Optional.empty();
  }

  default boolean isServerPing(Text message) {
    return false;
  }

  /** Such a message goes nowhere else: to have come is all it says. */
  default boolean isPong(Text message) {
    return false;
  }

  // ---- everything else

  /** Whether the service asks us to come again on another connection. */
  default boolean shouldReconnect(Text message) {
    return false;
  }

  /**
   * Whether to come back after the service closed the connection with this code. By default not
   * where the next would end the same way: protocol error 1002, wrong data 1003 and 1007, policy
   * 1008, missing extension 1010.
   */
  default boolean shouldReconnect(int closeCode) {
    return switch (closeCode) {
      case 1002, 1003, 1007, 1008, 1010 -> false;
      default -> true;
    };
  }

  /** An id that no request that still waits has; a ULID unless said. */
  default String newRequestId(RequestIds ids) {
    return ids.ulid();
  }

  /** The same request with this id in it; unchanged unless said. */
  default ForeignMessage injectRequestId(ForeignMessage request, String id) {
    return request;
  }

  /**
   * Which of the client's named rate limiters a message has to pass, for services that ban who asks
   * too often. It waits for its turn, and nothing else does, except that subscribes and
   * unsubscribes keep their order. Asked once for each, when the client is built: a name that the
   * client does not know is a configuration error.
   */
  default Optional<String> limiter(Sending what) {
    return Optional.empty();
  }

  private static RawJson whole(Text message) {
    RawJson json = message.json();
    return json == null ? RawJson.string(message.asText()) : json;
  }
}
