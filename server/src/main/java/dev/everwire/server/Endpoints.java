package dev.everwire.server;

import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.server.internal.admin.Census;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.Caller;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Role;
import dev.everwire.session.internal.Router;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes what receives the messages of a new connection, and keeps the roster. */
final class Endpoints {
  private static final Logger LOG = System.getLogger(Endpoints.class.getName());

  private final String node;
  private final ConnectionSettings settings;
  private final Router router;
  private final TopicHub topics;
  private final Roster roster;
  private final Census census;
  private final Function<Handshake, Optional<String>> identify;
  private final @Nullable Consumer<Caller> onDisconnect;
  private final Map<Loop, JsonWriter> scratches = new ConcurrentHashMap<>(); // one for each loop
  private final AtomicLong opened = new AtomicLong();

  Endpoints(
      String node,
      ConnectionSettings settings,
      Router router,
      TopicHub topics,
      Roster roster,
      Census census,
      Function<Handshake, Optional<String>> identify,
      @Nullable Consumer<Caller> onDisconnect) {
    this.identify = identify;
    this.node = node;
    this.settings = settings;
    this.router = router;
    this.topics = topics;
    this.roster = roster;
    this.census = census;
    this.onDisconnect = onDisconnect;
  }

  /**
   * A connection on which methods and topics are served.
   *
   * @param dialect spoken from the beginning and for good; null for JSON-RPC that gives way to what
   *     the peer switches on
   */
  Gate.Opening conversation(@Nullable Dialect dialect) {
    return (handshake, subprotocol, transport) -> conversation(handshake, transport, dialect);
  }

  /** On its loop. */
  private Receiver conversation(
      Handshake handshake, Transport transport, @Nullable Dialect dialect) {
    long serial = opened.incrementAndGet();
    String id = node + "-" + serial;
    Connection connection =
        new Connection(
            id,
            census.counting(transport),
            Role.SERVER,
            settings,
            router,
            scratches.computeIfAbsent(transport.loop(), loop -> new JsonWriter()),
            (gone, code, reason) -> ended(transport, gone, code, reason));
    if (dialect != null) {
      connection.speak(dialect);
    }
    identify.apply(handshake).ifPresent(connection::identify);
    roster.enter(transport, Roster.Member.of(connection));
    logOpened(id, transport);
    return census.opened(serial, id, transport, connection);
  }

  private void ended(Transport transport, Connection connection, int code, String reason) {
    roster.leave(transport);
    topics.closed(connection);
    logClosed(connection.id(), code, reason);
    if (onDisconnect != null) {
      tell(onDisconnect, connection);
    }
  }

  private void tell(Consumer<Caller> told, Connection connection) {
    try {
      settings.workers().execute(() -> tellOnWorker(told, connection));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "nobody told of the end, shutting down connection=" + connection.id());
    }
  }

  private static void tellOnWorker(Consumer<Caller> told, Connection connection) {
    try {
      told.accept(connection.caller());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "onDisconnect failed connection=" + connection.id(), e);
    }
  }

  /** A connection of which only the end is watched. */
  Gate.Opening raw(Function<Transport, Receiver> open) {
    return (handshake, subprotocol, transport) -> {
      long serial = opened.incrementAndGet();
      String id = node + "-" + serial;
      Receiver receiver =
          open.apply(census.counting(transport)); // first: if it throws, nobody is told of the end
      roster.enter(transport, Roster.Member.RAW);
      logOpened(id, transport);
      return new Watched(id, transport, census.opened(serial, id, transport, receiver));
    };
  }

  private static void logOpened(String id, Transport transport) {
    LOG.log(
        Level.DEBUG, () -> "connected connection=" + id + " remote=" + transport.remoteAddress());
  }

  private static void logClosed(String id, int code, String reason) {
    LOG.log(
        Level.DEBUG,
        () -> "disconnected connection=" + id + " code=" + code + " reason=\"" + reason + "\"");
  }

  private final class Watched implements Receiver {
    private final String id;
    private final Transport transport;
    private final Receiver receiver;

    Watched(String id, Transport transport, Receiver receiver) {
      this.id = id;
      this.transport = transport;
      this.receiver = receiver;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      receiver.onText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      receiver.onBinary(bytes);
    }

    @Override
    public void onWritable(boolean writable) {
      receiver.onWritable(writable);
    }

    @Override
    public void onClosed(int code, String reason) {
      roster.leave(transport);
      logClosed(id, code, reason);
      receiver.onClosed(code, reason);
    }
  }
}
