package dev.everwire.server.internal.access;

import dev.everwire.protocol.Fault;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.session.Restriction;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Principal;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks again, on one loop, whether what its connections are subscribed to is still allowed, and
 * ends what is not. Takes its time: others have their turn in between, and only so many questions
 * are open at once. Event loop only, except {@link #begin}.
 */
public final class Review {

  /**
   * What somebody subscribed to.
   *
   * @param action by which it did
   * @param resource the topic, or the method that was called for it
   * @param restriction of the method; null if it has none
   */
  public record Item(Action action, String resource, @Nullable Restriction restriction) {}

  /** What there is to review. On the connection's loop. */
  public interface Subscriptions {
    /** A copy, without what belongs to the peer alone. */
    List<Item> of(Connection connection);

    /** Ends one and tells the peer why; false if there is none. */
    boolean end(Connection connection, Item item, Fault why);
  }

  static final int MOST_OPEN = 64;
  private static final int AT_A_TIME = 256;

  private final Permissions permissions;
  private final Subscriptions subscriptions;
  private final Loop loop;
  private final Iterator<Connection> connections;
  private @Nullable Connection current;
  private final BooleanSupplier superseded;
  private Iterator<Item> items = List.<Item>of().iterator();
  private int open;
  private boolean running;

  private Review(
      Permissions permissions,
      Subscriptions subscriptions,
      Loop loop,
      List<Connection> connections,
      BooleanSupplier superseded) {
    this.permissions = permissions;
    this.subscriptions = subscriptions;
    this.loop = loop;
    this.connections = connections.iterator();
    this.superseded = superseded;
  }

  /**
   * Reviews some connections of a loop. Safe from any thread.
   *
   * @param connections nobody changes them any more
   * @param superseded whether another review has begun that is about all of them too
   */
  public static void begin(
      Permissions permissions,
      Subscriptions subscriptions,
      Loop loop,
      List<Connection> connections,
      BooleanSupplier superseded) {
    new Review(permissions, subscriptions, loop, connections, superseded).later();
  }

  private void later() {
    try {
      loop.execute(this::run);
    } catch (RejectedExecutionException e) {
      // it has ended, and all subscriptions with it
    }
  }

  private void run() {
    running = true;
    int steps = 0;
    while (open < MOST_OPEN && next()) {
      if (++steps > AT_A_TIME) {
        running = false;
        later();
        return;
      }
      Connection asked = current;
      if (asked != null && items.hasNext()) {
        check(asked, items.next());
      }
    }
    running = false;
  }

  /** Whether there is something left; goes on to the next connection if it has to. */
  private boolean next() {
    if (items.hasNext()) {
      return true;
    }
    if (!connections.hasNext() || superseded.getAsBoolean()) {
      return false;
    }
    Connection following = connections.next();
    current = following;
    items = following.open() ? subscriptions.of(following).iterator() : List.<Item>of().iterator();
    return true;
  }

  private void check(Connection connection, Item item) {
    Principal principal = permissions.principal(connection);
    if (principal == null) {
      return; // hears nothing
    }
    open++;
    permissions.again(
        connection,
        principal,
        item,
        outcome -> {
          open--;
          if (outcome != null) {
            end(connection, principal, item, outcome);
          }
          if (!running) {
            run();
          }
        });
  }

  private void end(Connection connection, Principal asked, Item item, Permissions.Outcome outcome) {
    // Who has shown to be somebody else meanwhile is reviewed for that.
    if (Objects.equals(asked, permissions.principal(connection))
        && subscriptions.end(connection, item, outcome.fault())) {
      permissions
          .audit()
          .tell(
              new AuditEvent.SubscriptionEnded(
                  Audit.of(connection), item.resource(), outcome.reason()));
    }
  }
}
