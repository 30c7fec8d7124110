package dev.everwire.server;

import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Pass;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.budget.SlowPeers;
import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.internal.raw.RawConnections;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.session.Caller;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Router;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes what receives the messages of a new connection, behind its entry in the registry. */
final class Endpoints {
  private static final Logger LOG = System.getLogger(Endpoints.class.getName());

  private final ConnectionSettings settings;
  private final Router router;
  private final TopicHub topics;
  private final Roster roster;
  private final Sessions sessions;
  private final InboundGuards guards;
  private final RawConnections raws;
  private final Reception reception;
  private final Authentications authentications;
  private final Permissions permissions;
  private final @Nullable Consumer<Caller> onDisconnect;
  private final SlowPeers slowPeers = new SlowPeers();
  private final Map<Loop, JsonWriter> scratches = new ConcurrentHashMap<>(); // one for each loop

  Endpoints(
      ConnectionSettings settings,
      Router router,
      TopicHub topics,
      Roster roster,
      Sessions sessions,
      InboundGuards guards,
      Reception reception,
      Authentications authentications,
      Permissions permissions,
      @Nullable Consumer<Caller> onDisconnect) {
    this.settings = settings;
    this.router = router;
    this.topics = topics;
    this.roster = roster;
    this.sessions = sessions;
    this.guards = guards;
    this.raws = new RawConnections(guards, settings.random());
    this.reception = reception;
    this.authentications = authentications;
    this.permissions = permissions;
    this.onDisconnect = onDisconnect;
  }

  /**
   * A connection on which methods and topics are served.
   *
   * @param dialect spoken from the beginning and for good; null for JSON-RPC that gives way to what
   *     the peer switches on
   */
  Gate.Opening conversation(@Nullable Dialect dialect) {
    return opening(entry -> conversation(entry, dialect));
  }

  /** A connection of which only the beginning and the end are watched. */
  Gate.Opening raw(RawEndpoint endpoint, Function<Transport, Receiver> open) {
    return opening(entry -> raws.open(endpoint, entry, entry::user, open));
  }

  /** On its loop. */
  private Gate.Opening opening(Function<Entry, Receiver> open) {
    return (ticket, transport) -> {
      Entry entry = reception.enter(transport, ticket);
      try {
        Standing standing = standing(entry, ticket.pass());
        Receiver receiver = open.apply(entry);
        LOG.log(
            Level.DEBUG,
            () ->
                "connected connection="
                    + entry.connectionId()
                    + " remote="
                    + entry.remoteAddress());
        reception.opened(entry, receiver, ticket);
        roster.entered(entry);
        standing.begin();
        return entry;
      } catch (RuntimeException | Error e) { // nobody is told of the end
        reception.failed(entry);
        throw e;
      }
    };
  }

  private Standing standing(Entry entry, Pass pass) {
    Standing standing = new Standing(authentications, permissions, entry, pass);
    entry.standing(standing);
    return standing;
  }

  /** On its loop. */
  private Connection conversation(Entry entry, @Nullable Dialect dialect) {
    Connection connection =
        new Connection(
            entry.connectionId(),
            entry,
            Role.SERVER,
            settings,
            router,
            scratches.computeIfAbsent(entry.loop(), loop -> new JsonWriter()),
            new Connection.Ended() {
              @Override
              public void ended(Connection gone, int code, String reason) {
                Endpoints.this.ended(gone);
              }

              @Override
              public void degraded(Connection slow, boolean on) {
                if (on) {
                  slowPeers.degraded(slow);
                }
              }

              @Override
              public void relieved(Connection slow) {
                topics.relieved(slow);
              }
            });
    connection.admitting(guards.meter(entry, connection::user));
    if (dialect != null) {
      connection.speak(dialect);
    }
    entry.user().ifPresent(connection::identify);
    Standing standing = entry.standing();
    if (standing != null) {
      connection.guarded(standing);
    }
    return connection;
  }

  private void ended(Connection connection) {
    topics.closed(connection);
    sessions.ended(connection);
    if (onDisconnect != null) {
      Consumer<Caller> told = onDisconnect;
      reception.tell(() -> tellOnWorker(told, connection));
    }
  }

  private static void tellOnWorker(Consumer<Caller> told, Connection connection) {
    try {
      told.accept(connection.caller());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "onDisconnect failed connection=" + connection.id(), e);
    }
  }
}
