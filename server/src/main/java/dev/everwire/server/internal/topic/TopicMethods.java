package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Publish;
import dev.everwire.protocol.wire.Subscribe;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.server.access.Action;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.Broker.HistoryQuery;
import dev.everwire.spi.History;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What peers may call about topics. Each method checks its parameters, then the rule, then does it;
 * what is wrong is answered with a fault. Called on the connection's loop.
 */
final class TopicMethods {
  private final TopicHub hub;
  private final Map<String, Route> routes =
      Map.of(
          Names.SUBSCRIBE, inline(this::subscribe),
          Names.UNSUBSCRIBE, inline(this::unsubscribe),
          Names.PUBLISH, inline(this::publish),
          Names.HISTORY, inline(this::history));

  TopicMethods(TopicHub hub) {
    this.hub = hub;
  }

  @Nullable Route route(String method) {
    return routes.get(method);
  }

  private static Route inline(Route.InlineHandler method) {
    return new Route.Inline((connection, call) -> {
      try {
        method.handle(connection, call);
      } catch (JsonException e) {
        call.refuse(TopicFaults.invalid(e.getMessage()).fault());
      } catch (FaultException e) {
        call.refuse(e.fault());
      }
    });
  }

  private void subscribe(Connection connection, InboundCall call) {
    if (call.notification() || call.batch() != null) {
      // Events may follow only behind the answer: one does not have it, the other delays it.
      throw new FaultException(
          FaultCode.INVALID_REQUEST, "Invalid Request: expected a request outside a batch");
    }
    Subscribe wanted = Subscribe.read(call.params());
    String topic = known(connection, wanted.topic());
    Position since = wanted.since();
    if (since == null && wanted.topic().equals(Names.INBOX)) {
      Position acknowledged = hub.inboxStart(connection.sessionId());
      since = acknowledged == null ? InboxTopics.FIRST : acknowledged; // nothing may be missed
    }
    Position from = since;
    asking(
        connection,
        call,
        Action.SUBSCRIBE,
        wanted.topic(),
        () ->
            hub.of(connection.loop())
                .subscribe(connection, Subscriber.of(connection), topic, from, answer(call)));
  }

  /** Goes on if the peer may; its own inbox is always its own. */
  private void asking(
      Connection connection, InboundCall call, Action action, String topic, Runnable allowed) {
    Permissions permissions = hub.permissions();
    if (permissions == null || topic.equals(Names.INBOX)) {
      allowed.run();
    } else {
      permissions.ask(connection, call, action, topic, allowed);
    }
  }

  /** The broker's name for a topic that a peer may hear. */
  private String known(Connection connection, String topic) {
    if (topic.equals(Names.INBOX)) {
      return InboxTopics.of(connection);
    }
    hub.rules().require(topic);
    return topic;
  }

  private static Subscription.Answer answer(InboundCall call) {
    return new Subscription.Answer() {
      @Override
      public void subscribed(Subscribed subscribed) {
        call.answer(InboxTopics.told(subscribed).write());
      }

      @Override
      public void refused(Fault fault) {
        call.refuse(fault);
      }
    };
  }

  private void unsubscribe(Connection connection, InboundCall call) {
    String topic = Subscribe.read(call.params()).topic();
    hub.of(connection.loop()).unsubscribe(connection, known(connection, topic));
    JsonWriter out = new JsonWriter().beginObject().name("topic").value(topic);
    call.answer(out.name("subscribed").value(false).endObject().toRawJson());
  }

  private void publish(Connection connection, InboundCall call) {
    Publish wanted = Publish.read(call.params());
    TopicRule rule = hub.rules().require(wanted.topic());
    if (!rule.allowsPublishing()) {
      throw new FaultException(FaultCode.FORBIDDEN, "publishing is not allowed here");
    }
    asking(
        connection,
        call,
        Action.PUBLISH,
        wanted.topic(),
        () ->
            answer(
                connection.loop(),
                call,
                hub.publish(wanted.topic(), wanted.data(), rule),
                position -> call.answer(new Publish.Published(position).write())));
  }

  private void history(Connection connection, InboundCall call) {
    HistoryRequest wanted = HistoryRequest.read(call.params());
    String topic = known(connection, wanted.topic());
    int limit =
        wanted.limit() == 0
            ? HistoryReads.PAGE_EVENTS
            : Math.min(wanted.limit(), HistoryReads.PAGE_EVENTS);
    HistoryQuery query = new HistoryQuery(wanted.since(), limit, HistoryReads.PAGE_BYTES);
    asking(
        connection,
        call,
        Action.HISTORY,
        wanted.topic(),
        () -> read(connection, call, wanted, topic, query));
  }

  private void read(
      Connection connection,
      InboundCall call,
      HistoryRequest wanted,
      String topic,
      HistoryQuery query) {
    answer(
        connection.loop(),
        call,
        hub.reads().alone(topic, query),
        history -> {
          switch (history) {
            case History.Page(var publications, Position top, boolean more) -> {
              List<Entry> events =
                  publications.stream().map(p -> new Entry(p.offset(), p.data())).toList();
              call.answer(new HistoryRequest.Answer(wanted.topic(), top, events, more).write());
            }
            case History.Lost lost -> call.refuse(lost(lost));
          }
        });
  }

  private static Fault lost(History.Lost lost) {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("reason").value(lost.reason().name().toLowerCase(Locale.ROOT));
    out.name("first").value(lost.first()).name("last").value(lost.top().offset());
    RawJson data = out.endObject().toRawJson();
    return new Fault(FaultCode.POSITION_LOST, "the position cannot be continued from", data);
  }

  private static <T> void answer(
      Loop loop, InboundCall call, CompletionStage<T> stage, Consumer<T> done) {
    BrokerWait.on(
        loop,
        stage,
        result -> {
          if (result == null) {
            call.refuse(TopicFaults.unavailable());
          } else {
            done.accept(result);
          }
        });
  }
}
