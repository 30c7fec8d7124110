package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.server.limit.InboundRates;

/** How fast peers may talk. Immutable. */
public record InboundOptions(
    @Doc("Of each connection.") RateOptions connection,
    @Doc("Of each user, whatever the number of connections.") RateOptions user,
    @Doc("Of each address, whatever the number of connections.") RateOptions address,
    @Doc("Of all connections together.") RateOptions node,
    @Doc("Messages refused within 10 s that end a connection.")
        @Range(min = "1", max = "1000000000")
        int closeAfter) {
  public static final InboundOptions DEFAULT = of(InboundRates.UNLIMITED);

  public static InboundOptions of(InboundRates rates) {
    return new InboundOptions(
        RateOptions.of(rates.connection()),
        RateOptions.of(rates.user()),
        RateOptions.of(rates.address()),
        RateOptions.of(rates.node()),
        rates.closeAfter());
  }

  /**
   * @throws IllegalArgumentException if a rate and its burst do not fit
   */
  public InboundRates rates() {
    return new InboundRates(
        connection.bounds(), user.bounds(), address.bounds(), node.bounds(), closeAfter);
  }
}
