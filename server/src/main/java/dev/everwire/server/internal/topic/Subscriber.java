package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Form;
import dev.everwire.session.internal.delivery.Wish;
import dev.everwire.session.transport.Encoded;

/** Where a subscription sends. Event loop only. */
@FunctionalInterface
interface Subscriber {

  /** Queues a message; FULL if there is no room for it. */
  Offer offer(Encoded message);

  /**
   * As the other, where it may have to wait.
   *
   * @param wish asked then before it is sent
   */
  default Offer offer(Encoded message, Priority priority, Wish wish) {
    return offer(message);
  }

  /** What messages have to look like. */
  default Form form() {
    return Form.TEXT;
  }

  /**
   * Those of a connection. Where the peer knows positions, an event without room is its
   * subscription's to bring later. Who speaks a dialect loses it, or is closed with 4002, as the
   * connection's rules say.
   */
  static Subscriber of(Connection connection) {
    return new Subscriber() {
      @Override
      public Offer offer(Encoded message) {
        return offer(message, Priority.NORMAL, () -> true);
      }

      @Override
      public Offer offer(Encoded message, Priority priority, Wish wish) {
        if (connection.form().dialect() == Dialect.JSON_RPC) {
          return connection.offer(message, priority, wish, false);
        }
        var unused = connection.offerOrGiveUp(message, priority, wish);
        return Offer.QUEUED; // there is nothing to be done about what was lost
      }

      @Override
      public Form form() {
        return connection.form();
      }
    };
  }
}
