package dev.everwire.client.foreign;

import dev.everwire.client.internal.foreign.SubscriptionBook;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the subscribes and unsubscribes that a {@link SubscriptionBook} wants, in order and as
 * fast as their limiter allows. Event loop only.
 */
final class SubscriptionTraffic {
  private static final Fault UNWRITABLE =
      Fault.of(FaultCode.INTERNAL, "the handler has no message for it");

  /**
   * @param completes the subscribe of which this is the last message, or null
   */
  private record Part(ForeignMessage message, String lane, @Nullable String completes) {}

  private final SubscriptionBook book;
  private final ProtocolHandler handler;
  private final Lanes lanes;
  private final Supplier<String> ids;
  private final Deque<Part> parts = new ArrayDeque<>(); // of one batch at most

  SubscriptionTraffic(
      SubscriptionBook book, ProtocolHandler handler, Lanes lanes, Supplier<String> ids) {
    this.book = book;
    this.handler = handler;
    this.lanes = lanes;
    this.ids = ids;
  }

  /** The connection is gone, and with it what was half written. */
  void offline() {
    parts.clear();
  }

  /**
   * Writes what may be written now.
   *
   * @return FULL if the connection has to be waited for
   */
  Offer pump(Function<ForeignMessage, Offer> wire, long now) {
    while (!parts.isEmpty() || next()) {
      Part part = parts.peek();
      if (part == null) {
        continue; // of this batch there is nothing to write
      }
      if (!lanes.pass(part.lane())) {
        return Offer.QUEUED;
      }
      Offer offer = wire.apply(part.message());
      if (offer != Offer.QUEUED) {
        lanes.giveBack(part.lane());
        return offer;
      }
      parts.remove();
      if (part.completes() != null) {
        book.subscribed(part.completes(), now);
      }
    }
    return Offer.QUEUED;
  }

  /** Begins the next batch; false if there is none. */
  private boolean next() {
    List<String> leaving = book.toUnsubscribe();
    if (!leaving.isEmpty()) {
      book.unsubscribing(leaving);
      String id = ids.get();
      add(messages("unsubscribe", () -> handler.unsubscribe(leaving, id)), null);
      return true;
    }
    List<String> wanted = book.toSubscribe();
    if (wanted.isEmpty()) {
      return false;
    }
    String id = ids.get();
    book.subscribing(wanted, id);
    List<ForeignMessage> messages = messages("subscribe", () -> handler.subscribe(wanted, id));
    if (messages.isEmpty()) {
      book.unwritable(id, UNWRITABLE);
    }
    add(messages, id);
    return true;
  }

  private static List<ForeignMessage> messages(
      String what, Supplier<List<? extends ForeignMessage>> question) {
    return Guard.ask(what, () -> List.copyOf(question.get()), List.of());
  }

  /**
   * @param id of the subscribe; null for an unsubscribe
   */
  private void add(List<ForeignMessage> messages, @Nullable String id) {
    String lane = lanes.of(id == null ? Sending.UNSUBSCRIBE : Sending.SUBSCRIBE);
    for (Iterator<ForeignMessage> each = messages.iterator(); each.hasNext(); ) {
      ForeignMessage message = each.next();
      parts.add(new Part(message, lane, each.hasNext() ? null : id));
    }
  }
}
