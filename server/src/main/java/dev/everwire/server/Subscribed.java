package dev.everwire.server;

import dev.everwire.protocol.Fault;
import dev.everwire.server.access.Action;
import dev.everwire.server.internal.access.Review;
import dev.everwire.session.Exposed;
import dev.everwire.session.Methods;
import dev.everwire.session.internal.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * What peers have subscribed to: topics, and by methods in the manner of Ethereum's nodes. Those
 * methods know no word for an end that the server brings, so their peers are not told.
 */
record Subscribed(Review.Subscriptions topics, Methods methods) implements Review.Subscriptions {

  @Override
  public List<Review.Item> of(Connection connection) {
    List<Review.Item> all = new ArrayList<>(topics.of(connection));
    for (String name : connection.subscribedBy()) {
      Exposed method = methods.find(name);
      if (method != null) {
        all.add(new Review.Item(Action.CALL, name, method.restriction().orElse(null)));
      }
    }
    return all;
  }

  @Override
  public boolean end(Connection connection, Review.Item item, Fault why) {
    return item.action() == Action.CALL
        ? connection.unsubscribe(item.resource())
        : topics.end(connection, item, why);
  }
}
