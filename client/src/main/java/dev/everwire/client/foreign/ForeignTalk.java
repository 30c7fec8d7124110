package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.foreign.PendingRequests;
import dev.everwire.client.internal.foreign.SendQueue;
import dev.everwire.client.internal.foreign.SubscriptionBook;
import dev.everwire.client.internal.lifecycle.End;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Queued;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client and a foreign service have to say to each other, on whichever connection there is:
 * requests, messages and subscriptions. Event loop only, except where a method says otherwise.
 */
final class ForeignTalk {
  private static final Logger LOG = System.getLogger(ForeignTalk.class.getName());
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20); // when the connection is full

  private final ProtocolHandler handler;
  private final Loop loop;
  private final WhileAway away;
  private final RequestIds ids;
  private final Lanes lanes;
  private final PendingRequests<Text> pending;
  // By id, while it is pending: what waits to be sent, or was sent.
  private final Map<String, SendQueue.Waiting<Outbox.Letter>> places = new HashMap<>();
  private final Outbox outbox;
  private final SubscriptionBook book;
  private final SubscriptionTraffic traffic;
  private final AtomicBoolean kicked = new AtomicBoolean(); // a pump is on its way
  private Consumer<ClientEvent> events = event -> {}; // set before anything begins
  private volatile @Nullable ForeignLink link; // while it may be used; read by anybody
  private Loop.@Nullable Timer wake;
  private long wakeAt; // while there is a timer
  private boolean pumping;

  ForeignTalk(ForeignOptions options) {
    ClientSettings settings = options.terms().settings();
    this.handler = options.handler();
    this.loop = options.terms().dialer().loop();
    this.away = settings.whileAway();
    this.ids = new RequestIds(options.terms().random(), () -> loop.wallTime().toEpochMilli());
    this.lanes = options.lanes();
    this.pending = new PendingRequests<>(options.maxPending());
    this.outbox = new Outbox(options, lanes, pending);
    this.book =
        new SubscriptionBook(
            new SubscriptionBook.Rules(
                settings.restoreBatch(),
                options.confirms(),
                settings.confirmWithin(),
                options.maxTopics()),
            this::subscriptionFailed);
    this.traffic = new SubscriptionTraffic(book, handler, lanes, this::newId);
  }

  /** Who hears of what happens. Before the client is started. */
  void onEvent(Consumer<ClientEvent> listener) {
    events = listener;
  }

  // ---- from any thread

  Lanes lanes() {
    return lanes;
  }

  /**
   * @param failFast it does not wait for a connection
   */
  Offer send(ForeignMessage message, boolean failFast) {
    if (failFast && link == null) {
      return Offer.CLOSED;
    }
    Outbox.Letter letter = new Outbox.Letter(message, null, failFast);
    Offer offer = outbox.add(outbox.waiting(letter, lanes.of(Sending.MESSAGE)));
    try {
      if (offer == Offer.QUEUED && kicked.compareAndSet(false, true)) {
        loop.execute(this::kick);
      }
    } catch (RejectedExecutionException e) {
      return Offer.CLOSED;
    }
    return offer;
  }

  Queued queued() {
    return outbox.queued();
  }

  private void kick() {
    kicked.set(false);
    pump();
  }

  // ---- requests

  /** Registers a request and sends it or lets it wait; it ends exactly once. */
  void request(ForeignRequest request) {
    if (request.done().isDone()) {
      return; // cancelled before it began
    }
    String id = newId();
    ForeignMessage message;
    try {
      message =
          Objects.requireNonNull(handler.injectRequestId(request.message(), id), "injectRequestId");
    } catch (RuntimeException | Error e) {
      request.unwritable(e);
      return;
    }
    boolean repeats = request.repeatable() && away.queues();
    PendingRequests.Admission admission =
        pending.add(id, request.deadline(), repeats, outcome -> ended(id, request, outcome));
    if (admission != PendingRequests.Admission.ADDED) {
      request.notTaken(admission, id);
      return;
    }
    if (!lanes.pass(request.refusingLane())) {
      pending.forget(id);
      request.refused(lanes.refusal(request.refusingLane()));
      return;
    }
    if (link == null && request.failsFast()) {
      lanes.giveBack(request.refusingLane());
      pending.drop(id, "not connected");
      return;
    }
    Outbox.Letter letter = new Outbox.Letter(message, id, request.failsFast());
    SendQueue.Waiting<Outbox.Letter> place = outbox.waiting(letter, request.lane());
    places.put(id, place);
    request.registered(() -> forget(id));
    switch (outbox.add(place)) {
      case QUEUED -> pump();
      case FULL -> {
        forget(id);
        lanes.giveBack(request.refusingLane());
        request.queueFull();
      }
      case CLOSED -> {
        lanes.giveBack(request.refusingLane());
        pending.drop(id, "not connected");
      }
    }
  }

  private void ended(String id, ForeignRequest request, PendingRequests.Outcome<Text> outcome) {
    forget(id);
    request.ended(outcome, handler);
  }

  /** Nobody waits for it any more: if it was not sent yet, it never is. */
  private void forget(String id) {
    pending.forget(id);
    SendQueue.Waiting<Outbox.Letter> place = places.remove(id);
    if (place != null) {
      place.forget();
    }
  }

  private String newId() {
    return Guard.ask(
            "newRequestId", () -> Optional.of(handler.newRequestId(ids)), Optional.<String>empty())
        .orElseGet(ids::ulid);
  }

  // ---- subscriptions

  /** Each topic with the feed at the same place. */
  void subscribe(List<String> topics, List<SubscriptionBook.Feed> feeds) {
    for (int i = 0; i < topics.size(); i++) {
      book.add(topics.get(i), feeds.get(i));
    }
    pump();
  }

  void unsubscribe(String topic, SubscriptionBook.Feed feed) {
    book.remove(topic, feed);
    pump();
  }

  List<String> topics() {
    return book.names();
  }

  private void subscriptionFailed(String topic, Fault why) {
    LOG.log(Level.WARNING, "topic=" + topic + " not subscribed code=" + why.code());
    ForeignLink on = link;
    long epoch = on == null ? 0 : on.epoch;
    events.accept(new ClientEvent.SubscriptionFailed(epoch, topic, why.message()));
  }

  // ---- the line's side

  void online(ForeignLink now) {
    if (link != null) {
      offline();
    }
    link = now;
    outbox.online();
    book.online(now.epoch);
    pump();
  }

  void offline() {
    link = null;
    traffic.offline();
    book.offline();
    List<String> again = pending.lost("the connection was lost");
    outbox.offline();
    again.reversed().forEach(this::sendAgain); // before all that waits, in their order
    schedule(loop.now());
  }

  private void sendAgain(String id) {
    SendQueue.Waiting<Outbox.Letter> sent = places.get(id);
    if (sent != null) {
      SendQueue.Waiting<Outbox.Letter> place = outbox.waiting(sent.message(), sent.lane());
      places.put(id, place);
      outbox.addFirst(place);
    }
  }

  void end(End end) {
    link = null;
    traffic.offline();
    pending.close(end.why());
    outbox.end(end.why());
    places.clear();
    book.end(
        end instanceof End.Asked(String why)
            ? new Ending.Closed(why)
            : new Ending.Lost("client closed: " + end.why()));
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
  }

  // ---- what the service says

  void response(String id, Text message) {
    if (pending.answer(id, message)) {
      return;
    }
    if (book.asked(id)) {
      Confirmation said = confirmation(message, book.askedBy(id));
      book.answered(id, said.confirmed(), said.refused());
      pump();
    }
  }

  void update(long epoch, String topic, Text message) {
    Optional<RawJson> data =
        Guard.ask("data", () -> Optional.of(handler.data(message)), Optional.empty());
    if (data.isEmpty()) {
      tell(epoch, MessageKind.UNKNOWN, topic, message.asText());
    } else if (!book.update(topic, data.get())) {
      tell(epoch, MessageKind.UPDATE, topic, message.asText());
    }
  }

  void other(long epoch, Routed.Other what, Text message) {
    List<String> waiting = what.addressed() ? List.of() : book.waiting();
    if (!waiting.isEmpty()) {
      Confirmation said = confirmation(message, waiting);
      book.told(said.confirmed(), said.refused());
      pump();
    }
    tell(epoch, what.kind(), what.topic(), message.asText());
  }

  void unreadable(long epoch, int length, String why) {
    LOG.log(Level.WARNING, "binary message not read bytes=" + length + " why=\"" + why + "\"");
    tell(epoch, MessageKind.UNKNOWN, null, why);
  }

  private Confirmation confirmation(Text message, List<String> topics) {
    return Guard.ask(
        "confirmation", () -> handler.confirmation(message, topics), Confirmation.NONE);
  }

  private void tell(long epoch, MessageKind kind, @Nullable String topic, String text) {
    events.accept(new ClientEvent.Message(epoch, kind.name(), topic == null ? "" : topic, text));
  }

  // ---- writing

  /** Writes what may be written now, subscriptions first. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    lanes.begin();
    long now = loop.now();
    ForeignLink to = link;
    boolean full = false;
    try {
      if (to != null) {
        full = traffic.pump(to::send, now) == Offer.FULL || outbox.write(to::send);
      }
    } finally {
      pumping = false;
    }
    schedule(now, Math.min(lanes.untilNext(), full ? LOOK_AGAIN.toNanos() : Long.MAX_VALUE));
  }

  // ---- time

  private void schedule(long now) {
    schedule(now, Long.MAX_VALUE);
  }

  /** Wakes when something is due, at the latest after this. */
  private void schedule(long now, long atMost) {
    long next = Math.min(atMost, Math.min(pending.untilNext(now), book.untilNext(now)));
    next = Math.min(next, outbox.untilNext(now));
    if (next == Long.MAX_VALUE || (wake != null && wakeAt - (now + next) <= 0)) {
      return;
    }
    if (wake != null) {
      wake.cancel();
    }
    wakeAt = now + Math.max(0, next);
    try {
      wake = loop.schedule(wakeAt - now, this::wake);
    } catch (RejectedExecutionException e) {
      wake = null; // the loop ends, and everything with it
    }
  }

  private void wake() {
    wake = null;
    long now = loop.now();
    pending.expire(now);
    book.expire(now);
    outbox.expire(now);
    pump();
  }
}
