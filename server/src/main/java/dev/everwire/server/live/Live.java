package dev.everwire.server.live;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import java.util.List;

/**
 * What can change while a server runs. Each change is checked whole, and then holds at once for
 * whoever comes from that moment on; if it is refused nothing has changed. Nobody who is connected
 * is sent away by it. Safe from any thread, and does not block.
 */
public interface Live {

  /** Whose pages may connect and ask, besides the server's own. */
  List<String> origins();

  /**
   * As {@code ServerBuilder.origins}. Pages that are connected stay so.
   *
   * @param allowed like {@code https://app.example.com}; {@code *} for all
   * @throws IllegalArgumentException if one cannot be an origin
   */
  void origins(List<String> allowed);

  /** How many connections may be open, and how fast new ones may come. */
  ConnectionLimits connectionLimits();

  /**
   * As {@code ServerBuilder.connectionLimits}. Those who are connected stay, also beyond a new
   * bound, and count against it: a bound on addresses, users or tenants where there was none counts
   * them within moments.
   */
  void connectionLimits(ConnectionLimits limits);

  /** How fast peers may talk. */
  InboundRates inboundRates();

  /**
   * As {@code ServerBuilder.inboundRates}. Holds for conversations that are open, too, within
   * moments and from full buckets; a raw endpoint's connections keep the rates that they began
   * with. The same rates again change nothing.
   */
  void inboundRates(InboundRates rates);

  /** How the server goes away when it is told to without saying how. */
  DrainPlan drain();

  /** As {@code ServerBuilder.drain}. A drain that has begun goes on as it was planned. */
  void drain(DrainPlan plan);
}
