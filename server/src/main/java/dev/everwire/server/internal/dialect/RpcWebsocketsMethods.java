package dev.everwire.server.internal.dialect;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.RpcWebsocketsCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.topic.Following;
import dev.everwire.session.Params;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server of <i>rpc-websockets</i> serves besides the application's methods. Its events are
 * topics here. Called on the connection's loop.
 */
public final class RpcWebsocketsMethods {
  private static final String LOGIN = "rpc.login";
  private static final String LIST = "__listMethods";
  private static final String OK = "ok";
  private static final String INVALID = "provided event invalid";
  private static final String TWICE = "socket has already been subscribed to event";
  private static final String NOT_SUBSCRIBED = "not subscribed";

  private static final Fault NO_EVENT = Fault.of(FaultCode.APPLICATION, "Event not provided");
  private static final Fault FORBIDDEN =
      Fault.of(RpcWebsocketsCodec.EVENT_FORBIDDEN, "Event forbidden");
  private static final Fault NO_CREDENTIALS =
      Fault.of(RpcWebsocketsCodec.PARAMS_NOT_FOUND, "Params not found");

  private final Following topics;
  private final Permissions permissions;
  private final Fault noNames;
  private final ConnectionSettings settings;
  private final @Nullable Function<Params, Optional<String>> login;
  private final BiPredicate<Connection, String> identified;
  private final RawJson names;
  private final Set<String> loggingIn = ConcurrentHashMap.newKeySet(); // ids of connections

  /**
   * @param methods the application's, by name
   * @param login who the credentials belong to; null if nobody can log in
   * @param identified takes the user of a connection, on its loop; false if it has to end for that
   */
  public RpcWebsocketsMethods(
      Following topics,
      Permissions permissions,
      ConnectionSettings settings,
      Collection<String> methods,
      @Nullable Function<Params, Optional<String>> login,
      BiPredicate<Connection, String> identified) {
    this.topics = topics;
    this.permissions = permissions;
    this.noNames =
        Fault.of(
            FaultCode.INVALID_PARAMS,
            "Invalid params: expected an array of at most " + topics.most() + " event names");
    this.settings = settings;
    this.login = login;
    this.identified = identified;
    JsonWriter out = new JsonWriter().beginArray().value(LIST);
    if (login != null) {
      out.value(LOGIN);
    }
    methods.forEach(out::value);
    this.names = out.endArray().toRawJson();
  }

  Map<String, Route.InlineHandler> routes() {
    return Map.of(
        "rpc.on",
        this::on,
        "rpc.off",
        this::off,
        LOGIN,
        this::login,
        LIST,
        (connection, call) -> permissions.discover(connection, call, () -> call.answer(names)));
  }

  // ---- events

  private void on(Connection connection, InboundCall call) {
    Set<String> wanted = events(call);
    if (wanted != null) {
      Subscribing subscribing = new Subscribing(call, wanted);
      for (String event : wanted) {
        if (!topics.known(event)) {
          subscribing.settled(event, INVALID);
        } else if (topics.follows(connection, event)) {
          subscribing.settled(event, TWICE);
        } else {
          topics.follow(connection, event, fault -> subscribing.settled(event, fault));
        }
      }
    }
  }

  private void off(Connection connection, InboundCall call) {
    Set<String> unwanted = events(call);
    if (unwanted != null) {
      JsonWriter out = new JsonWriter().beginObject();
      for (String event : unwanted) {
        boolean known = topics.known(event);
        boolean followed = known && topics.follows(connection, event);
        if (followed) {
          topics.leave(connection, event);
        }
        out.name(event).value(followed ? OK : known ? NOT_SUBSCRIBED : INVALID);
      }
      call.answer(out.endObject().toRawJson());
    }
  }

  /** Each name once. Null if there are none or too many, and the call is refused. */
  private @Nullable Set<String> events(InboundCall call) {
    RawJson params = call.params();
    if (params == null) {
      call.refuse(NO_EVENT);
      return null;
    }
    try {
      return new LinkedHashSet<>(strings(params.elements(topics.most())));
    } catch (JsonException e) {
      call.refuse(noNames);
      return null;
    }
  }

  private static List<String> strings(List<RawJson> elements) {
    List<String> strings = new ArrayList<>();
    for (RawJson element : elements) {
      strings.add(element.asString());
    }
    return strings;
  }

  /** One {@code rpc.on}, until the last of its events is settled. */
  private static final class Subscribing {
    private final InboundCall call;
    private final Map<String, String> outcomes = new LinkedHashMap<>();
    private int open;
    private boolean forbidden;

    Subscribing(InboundCall call, Set<String> events) {
      this.call = call;
      this.open = events.size();
      events.forEach(event -> outcomes.put(event, ""));
      if (events.isEmpty()) {
        answer();
      }
    }

    void settled(String event, @Nullable Fault fault) {
      forbidden |= fault != null && fault.code() == FaultCode.FORBIDDEN;
      settled(event, fault == null ? OK : fault.message());
    }

    void settled(String event, String outcome) {
      outcomes.put(event, outcome);
      if (--open == 0) {
        answer();
      }
    }

    private void answer() {
      if (forbidden) {
        call.refuse(FORBIDDEN);
        return;
      }
      JsonWriter out = new JsonWriter().beginObject();
      outcomes.forEach((event, outcome) -> out.name(event).value(outcome));
      call.answer(out.endObject().toRawJson());
    }
  }

  // ---- logging in

  private void login(Connection connection, InboundCall call) {
    Function<Params, Optional<String>> asked = login;
    if (call.params() == null) {
      call.refuse(NO_CREDENTIALS);
    } else if (asked == null) {
      call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
    } else if (!loggingIn.add(connection.id())) {
      call.refuse(Fault.of(FaultCode.OVERLOADED, "a login is under way").retryAfterMillis(1_000));
    } else {
      try {
        settings.workers().execute(() -> ask(asked, connection, call));
      } catch (RejectedExecutionException e) {
        loggingIn.remove(connection.id());
        call.refuse(Fault.of(FaultCode.DRAINING, "shutting down"));
      }
    }
  }

  /** On a worker. */
  private void ask(
      Function<Params, Optional<String>> asked, Connection connection, InboundCall call) {
    Route.InlineHandler answer;
    try {
      Optional<String> user = asked.apply(new Params(call.params(), settings.values()));
      answer = (on, ask) -> loggedIn(on, ask, user);
    } catch (Throwable e) { // the caller has to hear of it whatever it is
      RuntimeException failure =
          e instanceof RuntimeException known ? known : new IllegalStateException("login", e);
      answer =
          (on, ask) -> {
            throw failure; // becomes an incident there
          };
    } finally {
      loggingIn.remove(connection.id());
    }
    Route.InlineHandler told = answer;
    try {
      connection.loop().execute(() -> connection.runInline(call, told));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and the connection with it.
    }
  }

  private void loggedIn(Connection connection, InboundCall call, Optional<String> user) {
    boolean stays = user.isPresent() && identified.test(connection, user.get());
    call.answer(stays ? RawJson.TRUE : RawJson.FALSE);
    Standing standing = Standing.of(connection);
    if (!stays && standing != null) {
      standing.missed();
    }
  }
}
