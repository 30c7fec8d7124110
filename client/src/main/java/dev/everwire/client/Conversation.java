package dev.everwire.client;

import dev.everwire.client.internal.calls.Calls;
import dev.everwire.client.internal.calls.Resumption;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.discover.Discovery;
import dev.everwire.session.transport.Loop;
import org.jspecify.annotations.Nullable;

/**
 * What a client and its server have to say to each other, on whichever connection there is. Event
 * loop only, except where a method says otherwise.
 */
final class Conversation {

  /** Is told whether there is a connection, as a member of a pool. On the loop. */
  interface Watch {
    void online();

    void offline();

    /** For good, and before the topics are. */
    void ending();
  }

  private final Loop loop;
  private final Calls calls;
  private final ClientOptions options;
  private final Topics topics;
  private Topics.Failures failures = (topic, why) -> {}; // set before anything begins
  private @Nullable Watch watch;
  private boolean over;
  private final Route eventRoute;
  private final Route gapRoute;
  private final Route unsubscribedRoute;
  private final @Nullable Route discoverRoute;

  private @Nullable Connection live; // while there is one
  private @Nullable Position inboxDone; // of this session

  // Where who reads the inbox next goes on. Written on the loop, read by anybody.
  private volatile @Nullable Position inboxRead;
  private volatile @Nullable String sessionId; // written on the loop, read by anybody

  Conversation(ClientOptions options) {
    this.loop = options.terms().dialer().loop();
    this.options = options;
    this.calls =
        new Calls(
            loop,
            options.terms().settings().whileAway(),
            options.terms().settings().limits().maxPendingCalls(),
            !options.plain(),
            options.limiters(),
            options.terms().observer(),
            options.onPressure(),
            options.terms().workers());
    this.topics =
        new Topics(
            loop,
            options.terms().random(),
            Math.min(
                options.terms().settings().restoreBatch(),
                options.terms().settings().limits().maxPendingCalls()),
            (topic, why) -> failures.failed(topic, why));
    topics.onSubscribed(topic -> {
      if (topic.equals(Names.INBOX)) {
        tellInboxDone();
      }
    });
    this.eventRoute = new Route.Inline(topics::event);
    this.gapRoute = new Route.Inline(topics::gap);
    this.unsubscribedRoute = new Route.Inline(topics::unsubscribed);
    this.discoverRoute =
        options.serving().discovery()
            ? Discovery.route(
                options.name(),
                options.version(),
                options.serving().methods(),
                options.values().schemas())
            : null;
  }

  /** Who hears of topics that cannot be subscribed. Before the client is started. */
  void onFailedTopic(Topics.Failures listener) {
    failures = listener;
  }

  /** Tells at once how things stand, and from then on. */
  void watch(Watch by) {
    watch = by;
    if (over) {
      by.ending();
    } else if (live != null) {
      by.online();
    } else {
      by.offline();
    }
  }

  // ---- the user's side

  Loop loop() {
    return loop;
  }

  /** Where calls go; it says itself what is safe. */
  Calls calls() {
    return calls;
  }

  Topics topics() {
    return topics;
  }

  /** Null while there is none. From any thread. */
  @Nullable String sessionId() {
    return sessionId;
  }

  /**
   * All messages of the inbox up to this one were dealt with: the server may forget them. Event
   * loop only.
   */
  void inboxDone(Position position) {
    // Only in the life of the inbox that it is about: offsets of another mean other messages.
    if (topics.in(Names.INBOX, position.epoch())) {
      inboxDone = position;
      inboxRead = position;
      tellInboxDone();
    }
  }

  /** Behind what was dealt with in this session; null if nothing was. From any thread. */
  @Nullable Position inboxRead() {
    return inboxRead;
  }

  private void tellInboxDone() {
    // Once more on each connection: what was told on the last one may not have arrived.
    if (live != null && inboxDone != null && topics.liveIn(Names.INBOX, inboxDone.epoch())) {
      live.calling().inboxDone(inboxDone);
    }
  }

  // ---- the line's side

  /** Who takes what the server calls; null if nobody does. */
  @Nullable Route route(String method) {
    return switch (method) {
      case Names.EVENT -> eventRoute;
      case Names.GAP -> gapRoute;
      case Names.UNSUBSCRIBED -> unsubscribedRoute;
      case Names.DISCOVER -> discoverRoute;
      default -> {
        Exposed served = options.serving().methods().find(method);
        yield served == null ? null : new Route.Served(served);
      }
    };
  }

  /** Also when one connection takes the place of another. */
  void online(Connection connection, @Nullable String session, Resumption answer) {
    if (live != null) {
      topics.offline();
    }
    live = connection;
    if (!answer.resumed()) {
      inboxDone = null;
      inboxRead = null;
      topics.startAnew(Names.INBOX);
    }
    sessionId = session;
    calls.online(connection, answer, () -> topics.online(connection));
    if (watch != null) {
      watch.online();
    }
  }

  void offline() {
    live = null;
    sessionId = null;
    topics.offline();
    calls.offline();
    if (watch != null) {
      watch.offline();
    }
  }

  void end(End end) {
    over = true;
    if (watch != null) {
      watch.ending();
    }
    calls.end("client closed: " + end.why());
    topics.end(
        end instanceof End.Asked(String why)
            ? new Ending.Closed(why)
            : new Ending.Lost("client closed: " + end.why()));
  }
}
