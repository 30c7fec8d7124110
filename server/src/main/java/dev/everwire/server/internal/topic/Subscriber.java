package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Offer;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Form;
import dev.everwire.session.transport.Encoded;

/** Where a subscription sends. Event loop only. */
@FunctionalInterface
interface Subscriber {

  /** Queues a message; whoever leaves no room for it is given up by the connection itself. */
  Offer offer(Encoded message);

  /** What messages have to look like. */
  default Form form() {
    return Form.TEXT;
  }

  static Subscriber of(Connection connection) {
    return new Subscriber() {
      @Override
      public Offer offer(Encoded message) {
        return connection.offer(message);
      }

      @Override
      public Form form() {
        return connection.form();
      }
    };
  }
}
