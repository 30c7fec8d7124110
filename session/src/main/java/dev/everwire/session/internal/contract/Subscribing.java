package dev.everwire.session.internal.contract;

import dev.everwire.session.Exposed;
import java.util.List;

/** Serves a method that returns items as a subscription. */
@FunctionalInterface
public interface Subscribing {
  /**
   * @param items its handler returns the items
   * @return the method that subscribes, then the one that ends what it began
   */
  List<Exposed> methods(Exposed items, String unsubscribe, String notification);
}
