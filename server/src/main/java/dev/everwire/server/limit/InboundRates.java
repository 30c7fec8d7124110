package dev.everwire.server.limit;

import org.jspecify.annotations.Nullable;

/**
 * How fast peers may talk, counted for each connection, user, address and for all together. Nothing
 * is bounded unless said; what we send never is.
 *
 * <p>Requests and notifications count, each member of a batch for itself; answers, {@code
 * rpc.hello} and what begins with {@code $/} do not. A request beyond is refused with −32005, which
 * says when to come back; a notification beyond is dropped and counted; nothing of both is handled,
 * and the connection goes on. A peer that has {@code closeAfter} messages refused within 10 s goes
 * on without listening: it is told {@code $/goaway}, if it has a session, and closed with 4201.
 * What is refused because of the others (the node's rate) is not held against it.
 *
 * <p>A message longer than a burst of bytes is let in where nothing was used of it. A user's and an
 * address' use is remembered until it is made good or, if later, the last connection has gone.
 *
 * @param closeAfter refused messages, at least 1
 */
public record InboundRates(
    Bounds connection, Bounds user, Bounds address, Bounds node, int closeAfter) {

  /**
   * What one of them may send.
   *
   * @param messages null for no bound
   * @param bytes of messages, null for no bound
   */
  public record Bounds(@Nullable Rate messages, @Nullable Rate bytes) {
    public static final Bounds NONE = new Bounds(null, null);

    /** So many messages each second, and so many at once. */
    public static Bounds messages(double perSecond, long burst) {
      return new Bounds(new Rate(perSecond, burst), null);
    }

    /** And so many bytes. */
    public Bounds bytes(double perSecond, long burst) {
      return new Bounds(messages, new Rate(perSecond, burst));
    }

    public boolean unlimited() {
      return messages == null && bytes == null;
    }
  }

  private static final int REFUSED = 1_000;

  public static final InboundRates UNLIMITED =
      new InboundRates(Bounds.NONE, Bounds.NONE, Bounds.NONE, Bounds.NONE, REFUSED);

  /** 20 messages a second on each connection, 100 at once. */
  public static final InboundRates TWENTY_A_SECOND = UNLIMITED.connection(Bounds.messages(20, 100));

  /** All 100 a second and 1 000 at once, an address 10 and 100, a user 5 and 50. */
  public static final InboundRates SHARED =
      UNLIMITED
          .node(Bounds.messages(100, 1_000))
          .address(Bounds.messages(10, 100))
          .user(Bounds.messages(5, 50));

  public InboundRates {
    if (closeAfter < 1) {
      throw new IllegalArgumentException("closeAfter: " + closeAfter + " (expected: >= 1)");
    }
  }

  public boolean unlimited() {
    return connection.unlimited() && user.unlimited() && address.unlimited() && node.unlimited();
  }

  /** The same with other bounds of each connection. */
  public InboundRates connection(Bounds other) {
    return new InboundRates(other, user, address, node, closeAfter);
  }

  /** The same with other bounds of each user, whatever the number of connections. */
  public InboundRates user(Bounds other) {
    return new InboundRates(connection, other, address, node, closeAfter);
  }

  /** The same with other bounds of each address, whatever the number of connections. */
  public InboundRates address(Bounds other) {
    return new InboundRates(connection, user, other, node, closeAfter);
  }

  /** The same with other bounds of all connections together. */
  public InboundRates node(Bounds other) {
    return new InboundRates(connection, user, address, other, closeAfter);
  }

  /** The same where so many refused messages within 10 s end a connection. */
  public InboundRates closeAfter(int refused) {
    return new InboundRates(connection, user, address, node, refused);
  }
}
