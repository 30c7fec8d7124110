package dev.everwire.client;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.Reader;
import dev.everwire.client.internal.topic.Restoring;
import dev.everwire.client.internal.topic.TopicFeed;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Subscribe;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.protocol.wire.TopicEvent;
import dev.everwire.protocol.wire.Unsubscribed;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a client follows: a {@link TopicFeed} for each, and the calls that the feeds ask
 * for. Event loop only.
 */
final class Topics implements TopicFeed.Wire {
  private static final Logger LOG = System.getLogger(Topics.class.getName());
  private static final ReconnectPolicy REST =
      ReconnectPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60));

  /** Longer than a server needs that is alive; the heartbeat finds the others. */
  private static final CallOptions PATIENCE = CallOptions.within(Duration.ofSeconds(10));

  /** Hears of topics that could not be subscribed to. On the loop; must not block. */
  interface Failures {
    /**
     * @param why one sentence for people
     */
    void failed(String topic, String why);
  }

  private final Loop loop;
  private final RandomGenerator random;
  private final Failures failures;
  private final Restoring restoring;
  private Consumer<String> subscribed = topic -> {}; // set before anything begins
  private final Map<String, TopicFeed> feeds = new LinkedHashMap<>(); // oldest first
  private final Map<TopicFeed, Loop.Timer> rests = new HashMap<>(); // of this connection
  private @Nullable Connection connection; // while the client is live
  private @Nullable Ending ended;

  /**
   * @param batch how many topics are taken up again at once
   */
  Topics(Loop loop, RandomGenerator random, int batch, Failures failures) {
    this.loop = loop;
    this.random = random;
    this.restoring = new Restoring(batch);
    this.failures = failures;
  }

  /** Who hears of each topic that the server has answered for. Before the client is started. */
  void onSubscribed(Consumer<String> listener) {
    subscribed = listener;
  }

  /** Attaches a reader that is to be confirmed within a time, with or without a connection. */
  void attach(
      String topic, SubscriptionReader reader, @Nullable Position since, Duration confirmWithin) {
    attach(topic, reader, since);
    if (ended == null) {
      reader.confirmWithin(loop, confirmWithin.toNanos(), () -> late(topic, reader, confirmWithin));
    }
  }

  void attach(String topic, Reader reader, @Nullable Position since) {
    TopicFeed feed = enter(topic, reader, since);
    if (feed != null && connection != null) {
      feed.online();
    }
  }

  private @Nullable TopicFeed enter(String topic, Reader reader, @Nullable Position since) {
    if (ended != null) {
      reader.end(ended);
      return null;
    }
    TopicFeed feed = feeds.computeIfAbsent(topic, name -> new TopicFeed(name, this));
    feed.attach(reader, since);
    return feed;
  }

  /**
   * Attaches a reader that comes from somewhere else, perhaps with many others: its topic waits its
   * turn as after a reconnect.
   */
  void join(String topic, Reader reader, @Nullable Position since) {
    TopicFeed feed = enter(topic, reader, since);
    if (feed != null && connection != null) {
      restoring.add(feed);
    }
  }

  void detach(String topic, Reader reader) {
    TopicFeed feed = feeds.get(topic);
    if (feed != null) {
      feed.detach(reader);
      forgetIfUnread(feed);
    }
  }

  /** Of a topic whose stream went with its session; while there is no connection. */
  void startAnew(String topic) {
    TopicFeed feed = feeds.get(topic);
    if (feed != null) {
      feed.startAnew();
    }
  }

  /** Whether a topic is followed and in this epoch, as far as is known. */
  boolean in(String topic, String epoch) {
    TopicFeed feed = feeds.get(topic);
    return feed != null && feed.in(epoch);
  }

  /** Whether a topic is subscribed to at the moment, and in this epoch. */
  boolean liveIn(String topic, String epoch) {
    TopicFeed feed = feeds.get(topic);
    return feed != null && feed.liveIn(epoch);
  }

  void online(Connection connection) {
    this.connection = connection;
    restoring.begin(List.copyOf(feeds.values()));
  }

  void offline() {
    connection = null;
    stop();
    feeds.values().forEach(TopicFeed::offline);
  }

  void end(Ending why) {
    ended = why;
    stop();
    feeds.values().forEach(feed -> feed.end(why));
    feeds.clear();
  }

  private void stop() {
    restoring.stop();
    rests.values().forEach(Loop.Timer::cancel);
    rests.clear();
  }

  // ---- what the server sends

  void event(Connection from, InboundCall call) {
    receive(
        from,
        call,
        () -> {
          TopicEvent event = TopicEvent.read(call.params());
          TopicFeed feed = feeds.get(event.topic());
          if (feed != null) {
            feed.event(event.offset(), event.data());
          }
        });
  }

  void gap(Connection from, InboundCall call) {
    receive(
        from,
        call,
        () -> {
          Gap gap = Gap.read(call.params());
          TopicFeed feed = feeds.get(gap.topic());
          Position newLife = gap.newLife();
          if (feed != null && newLife != null) {
            feed.newLife(newLife, gap.reason());
          } else if (feed != null) {
            feed.gap(gap.from(), gap.to(), gap.reason());
          }
        });
  }

  void unsubscribed(Connection from, InboundCall call) {
    receive(
        from,
        call,
        () -> {
          Unsubscribed said = Unsubscribed.read(call.params());
          TopicFeed feed = feeds.get(said.topic());
          if (feed != null) {
            ending(feed, "ended", Fault.of(said.code(), said.reason()), feed::unsubscribed);
          }
        });
  }

  private void receive(Connection from, InboundCall call, Runnable body) {
    if (!call.notification()) {
      call.refuse(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: expected no id"));
    } else if (from == connection) {
      try {
        body.run();
      } catch (JsonException e) {
        // If an event is lost by this, the next one shows the hole.
        LOG.log(Level.WARNING, call.method() + " not understood: " + e.getMessage());
      }
    }
  }

  // ---- what the feeds ask for

  @Override
  public void subscribe(TopicFeed feed, @Nullable Position since) {
    call(
        Names.SUBSCRIBE,
        new Subscribe(feed.topic(), since).write(),
        PATIENCE,
        Subscribed::read,
        answer -> {
          feed.subscribed(answer);
          subscribed.accept(feed.topic());
          forgetIfUnread(feed);
        },
        fault -> ending(feed, "refused", fault, feed::refused),
        () -> restoring.answered(feed));
  }

  @Override
  public void history(TopicFeed feed, Position since, int limit, TopicFeed.Fill fill) {
    call(
        Names.HISTORY,
        new HistoryRequest(feed.topic(), since, limit).write(),
        CallOptions.DEFAULT,
        HistoryRequest.Answer::read,
        fill::filled,
        fill::failed,
        () -> {});
  }

  @Override
  public void unsubscribe(TopicFeed feed) {
    RawJson params =
        new JsonWriter().beginObject().name("topic").value(feed.topic()).endObject().toRawJson();
    call(
        Names.UNSUBSCRIBE,
        params,
        CallOptions.DEFAULT,
        Function.identity(),
        answer -> {},
        fault -> {},
        () -> {});
  }

  @Override
  public void retryLater(TopicFeed feed, int failed, Fault fault) {
    if (failed == 1) { // of several in a row the first is told
      failures.failed(feed.topic(), SubscriptionReader.describe(fault) + ", tried again");
    }
    Duration delay = REST.delay(failed, random).orElse(Duration.ofSeconds(1));
    Duration asked = retryAfter(fault);
    long nanos = Math.max(delay.toNanos(), asked == null ? 0 : asked.toNanos());
    rests.put(
        feed,
        loop.schedule(
            nanos,
            () -> {
              rests.remove(feed);
              feed.retry();
            }));
  }

  private void ending(TopicFeed feed, String how, Fault fault, Consumer<Fault> told) {
    boolean read = !feed.unread();
    told.accept(fault);
    if (read && feed.unread()) {
      failures.failed(feed.topic(), how + ": " + SubscriptionReader.describe(fault));
    }
    forgetIfUnread(feed);
  }

  private void late(String topic, SubscriptionReader reader, Duration within) {
    String why = "not confirmed within " + within + (connection == null ? ": not connected" : "");
    if (reader.late(why)) {
      failures.failed(topic, why + ", tried on");
    }
  }

  private <T> void call(
      String method,
      RawJson params,
      CallOptions within,
      Function<RawJson, T> read,
      Consumer<T> answered,
      Consumer<Fault> refused,
      Runnable settled) {
    Connection at = connection;
    if (at == null) {
      return; // asked again after the next connect
    }
    at.call(
        OutboundCall.of(
            method,
            params,
            within,
            outcome -> {
              if (at == connection) {
                complete(method, outcome, read, answered, refused);
                settled.run();
              }
            }));
  }

  private static <T> void complete(
      String method,
      CallOutcome outcome,
      Function<RawJson, T> read,
      Consumer<T> answered,
      Consumer<Fault> refused) {
    switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> {
        T value;
        try {
          value = read.apply(result);
        } catch (JsonException e) {
          refused.accept(
              Fault.of(FaultCode.INTERNAL, method + ": answer not understood: " + e.getMessage()));
          return;
        }
        answered.accept(value);
      }
      case CallOutcome.Refused(Fault fault) -> refused.accept(fault);
      case CallOutcome.Expired() ->
          refused.accept(Fault.of(FaultCode.DEADLINE_PASSED, method + ": not answered"));
      case CallOutcome.Cancelled cancelled -> {}
      case CallOutcome.Lost lost -> {} // asked again after the next connect
    }
  }

  private void forgetIfUnread(TopicFeed feed) {
    if (feed.unread()) {
      feeds.remove(feed.topic(), feed);
      Loop.Timer rest = rests.remove(feed);
      if (rest != null) {
        rest.cancel();
      }
    }
  }

  /** How long a fault asks us to stay away, or null. */
  static @Nullable Duration retryAfter(Fault fault) {
    RawJson data = fault.data();
    if (data == null || data.kind() != RawJson.Kind.OBJECT) {
      return null;
    }
    try {
      JsonMembers members = data.members();
      long millis = members.integer("retryAfterMs", 0);
      return millis <= 0 ? null : Duration.ofMillis(Math.min(millis, 86_400_000));
    } catch (JsonException e) {
      return null;
    }
  }
}
