package dev.everwire.server.internal.registry;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.Seat;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Transport;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a server and the names they are found by. What is taken out is taken out
 * by its owner: a connection that ends late never removes the one that came in its place. {@link
 * Reception} puts them in. Safe from any thread.
 */
public final class Registry {
  private final String prefix;
  private final Census census;
  private final Admissions admissions;
  private final HookCalls hooks;
  private final ValueCodec values;

  private final Places places = new Places();
  private final ConcurrentNavigableMap<String, Entry> sessions =
      new ConcurrentSkipListMap<>(); // after hello
  private final Groups<ClientKey> clients = new Groups<>(); // that say who they are
  private final Groups<String> users = new Groups<>();
  private final TagIndex tags = new TagIndex();
  private volatile Consumer<Entry> whenLeft = entry -> {}; // set once, before anybody comes

  public Registry(
      String node, Census census, Admissions admissions, HookCalls hooks, ValueCodec values) {
    this.prefix = node + "-";
    this.census = census;
    this.admissions = admissions;
    this.hooks = hooks;
    this.values = values;
  }

  /** Is told, on its loop, whenever a connection has left. */
  public void whenLeft(Consumer<Entry> told) {
    whenLeft = told;
  }

  // ---- finding

  public @Nullable Entry connection(String connectionId) {
    return places.find(serialOf(connectionId));
  }

  /** Of a conversation, until it has ended. */
  public @Nullable Entry of(Connection connection) {
    return connection(connection.id());
  }

  /** The connection that a session has now. */
  public @Nullable Entry session(String sessionId) {
    Entry entry = sessions.get(sessionId);
    return entry == null ? plain(sessionId) : entry;
  }

  /** As {@link #session} of one that said hello; null for all others. */
  public @Nullable Entry ofSession(String sessionId) {
    return sessions.get(sessionId);
  }

  /**
   * Of those that said hello, in their order.
   *
   * @param after null to begin with the first
   */
  public Iterator<String> sessionIds(@Nullable String after) {
    return (after == null ? sessions : sessions.tailMap(after, false)).keySet().iterator();
  }

  /** The connections that sessions have now. */
  public Collection<Entry> inSessions() {
    return Collections.unmodifiableCollection(sessions.values());
  }

  /** A peer that said no hello: its session is named as its connection. */
  private @Nullable Entry plain(String sessionId) {
    Entry entry = connection(sessionId);
    return entry != null && entry.sessionId().equals(sessionId) ? entry : null;
  }

  public List<Entry> client(@Nullable String user, String clientId) {
    List<Entry> named = clients.list(new ClientKey(user, clientId));
    if (!named.isEmpty()) {
      return named;
    }
    Entry entry = session(clientId); // who does not say is called after the session
    return entry != null
            && entry.givenClientId() == null
            && Objects.equals(entry.userOrNull(), user)
        ? List.of(entry)
        : List.of();
  }

  public List<Entry> user(String user) {
    return users.list(user);
  }

  public List<Entry> tagged(String tag) {
    return tags.list(tag);
  }

  public int size() {
    return places.size();
  }

  /** Users who have a connection. */
  public int users() {
    return users.names();
  }

  public void forEach(Consumer<Entry> action) {
    places.forEach(action);
  }

  /**
   * Those behind a serial number, in the order in which they came.
   *
   * @param after 0 for the first
   */
  public List<Entry> page(long after, int limit) {
    return places.page(after, limit);
  }

  /** Of a connection's id; 0 if it cannot be one of this server. */
  public long serialOf(String connectionId) {
    if (!connectionId.startsWith(prefix)) {
      return 0;
    }
    try {
      long serial = Long.parseLong(connectionId, prefix.length(), connectionId.length(), 10);
      return idOf(serial).equals(connectionId) ? serial : 0; // "+7" and "007" are no serials
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The connection's id by its serial number. */
  public String idOf(long serial) {
    return prefix + serial;
  }

  // ---- for this package

  Entry enter(Transport transport, Ticket ticket, Seat seat) {
    LoopCounts counts = census.of(transport.loop());
    Entry entry = places.enter(serial -> new Entry(this, serial, transport, counts, ticket, seat));
    if (ticket.user() != null) {
      users.add(ticket.user(), entry);
    }
    return entry;
  }

  /** A connection has ended: whatever it still owns goes. On its loop. */
  void left(Entry entry) {
    if (!places.leave(entry.serial(), entry)) {
      return;
    }
    entry.become(ConnectionState.CLOSED);
    sessions.remove(entry.sessionId(), entry);
    String user = entry.userOrNull();
    if (user != null) {
      users.remove(user, entry);
    }
    String client = entry.givenClientId();
    if (client != null) {
      clients.remove(new ClientKey(user, client), entry);
    }
    SessionIdentity identity = entry.identityOrNull();
    if (identity != null) {
      identity.left(entry);
    }
    Seat seat = entry.takeSeat();
    if (seat != null) {
      admissions.release(seat);
    }
    entry.sessionEnds();
    if (entry.lingers()) {
      entry.lingers(false);
      admissions.lingered();
    }
  }

  /** One that left has been told of its end. */
  void told(Entry entry) {
    whenLeft.accept(entry);
  }

  /** Whether a name that a client gives itself means somebody else already. */
  boolean taken(String clientId, Entry entry) {
    Entry there = session(clientId);
    return there != null ? there != entry : clientId.startsWith(prefix) && serialOf(clientId) != 0;
  }

  /** It has another user. On its loop. */
  void moveUser(Entry entry, @Nullable String user) {
    String before = entry.userOrNull();
    if (Objects.equals(before, user)) {
      return;
    }
    if (user != null) {
      users.add(user, entry);
    }
    if (before != null) {
      users.remove(before, entry);
    }
  }

  /** It has a session from now on, in the place of whoever had it. On its loop. */
  void moveSession(Entry entry, String sessionId) {
    sessions.put(sessionId, entry);
  }

  List<Entry> named(ClientKey key) {
    return clients.list(key);
  }

  List<Entry> takeName(ClientKey key, Entry entry) {
    return clients.takeOver(key, entry);
  }

  boolean takeNameIfFree(ClientKey key, Entry entry, Predicate<Entry> leaves) {
    return clients.takeIfFree(key, entry, leaves);
  }

  void shareName(ClientKey key, Entry entry) {
    clients.add(key, entry);
  }

  void giveName(ClientKey key, Entry entry) {
    clients.remove(key, entry);
  }

  TagIndex tagIndex() {
    return tags;
  }

  HookCalls hooks() {
    return hooks;
  }

  void onWorker(Runnable task) {
    hooks.onWorker(task);
  }

  /**
   * @throws IllegalArgumentException if it cannot be written
   */
  RawJson json(@Nullable Object value) {
    return values.encode(value);
  }

  /**
   * @throws IllegalArgumentException if they cannot be written, or are neither named nor positional
   */
  @Nullable RawJson written(@Nullable Object params) {
    if (params == null) {
      return null;
    }
    RawJson json = values.encode(params);
    return switch (json.kind()) {
      case OBJECT, ARRAY -> json;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw new IllegalArgumentException(
              "params: a " + json.kind() + " (expected: a map, record, list, array or null)");
    };
  }

  /** Whether nothing is held for anybody. */
  boolean empty() {
    return places.blocks() <= 1
        && places.size() == 0
        && sessions.isEmpty()
        && clients.names() == 0
        && users.names() == 0
        && tags.tags() == 0;
  }
}
