package dev.everwire.app.bench;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Publish;
import dev.everwire.protocol.wire.TopicEvent;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One publisher, and subscribers that must all get everything in its order: from an Everwire topic,
 * or from a server that sends every message it receives to everybody. What a publication looks like
 * is read and checked when it comes for the first time; with the other subscribers it is compared
 * byte by byte. Event loop only.
 */
final class FanoutLoad extends Load {
  private static final int MIN_DATA = Marker.LENGTH;

  private final @Nullable String topic; // null: raw
  private final Stencil message; // as it is published
  private final Stencil data; // what of it has to come back
  private final int window;
  private final int mask;
  private final long[] since;
  private final int[] arrived;
  private final Sample[] samples;
  private @Nullable Publisher publisher;
  private long published;
  private long complete; // publications that everybody has
  private long owed;
  private long offsetOfFirst = -1;

  /** A publication as it came to the first subscriber. */
  private static final class Sample {
    private long number = -1;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    void keep(long ofNumber, ByteBuffer came) {
      if (bytes.capacity() < came.remaining()) {
        bytes = ByteBuffer.allocateDirect(came.remaining());
      }
      bytes.clear().put(0, came, came.position(), came.remaining()).limit(came.remaining());
      number = ofNumber;
    }
  }

  /**
   * @param topic to publish to; null for a server that sends everything to everybody
   */
  FanoutLoad(Plan plan, Tally tally, @Nullable String topic) {
    super(plan, tally);
    this.topic = topic;
    String text = Stencil.marked(Math.max(MIN_DATA, plan.size()));
    if (topic == null) {
      this.data = new Stencil(text.getBytes(StandardCharsets.US_ASCII), Stencil.NOWHERE, 0);
      this.message = data;
    } else {
      RawJson json = RawJson.string(text);
      this.data = Stencil.of(json.toString(), false, true);
      JsonWriter out = new JsonWriter();
      Greeting.CODEC.write(
          new Message.Request(
              RequestId.number(Stencil.FIRST_ID), Names.PUBLISH, new Publish(topic, json).write()),
          out);
      this.message = Stencil.of(out.toRawJson().toString(), true, true);
    }
    this.window = plan.window();
    this.mask = Integer.highestOneBit(2 * window - 1) - 1;
    this.since = new long[mask + 1];
    this.arrived = new int[mask + 1];
    this.samples = new Sample[mask + 1];
    for (int i = 0; i <= mask; i++) {
      samples[i] = new Sample();
    }
  }

  @Override
  int connections() {
    return plan.connections() + 1;
  }

  @Override
  Receiver open(int index, Transport transport, Runnable ready) {
    if (index == plan.connections()) {
      publisher = new Publisher(transport);
      ready.run();
      return publisher;
    }
    Subscriber subscriber = new Subscriber(transport, ready);
    if (topic == null) {
      ready.run();
    } else {
      Greeting.hello(transport);
      Greeting.subscribe(transport, topic);
    }
    return subscriber;
  }

  @Override
  void begin(long now) {
    pump(now);
  }

  @Override
  void due(long number, long now) {
    owed++;
    pump(now);
  }

  @Override
  long underWay() {
    long deliveries = 0;
    for (long number = complete; number < published; number++) {
      deliveries += plan.connections() - arrived[slot(number)];
    }
    return deliveries;
  }

  private void pump(long now) {
    Publisher from = publisher;
    while (from != null
        && published - complete < window
        && (!plan.open() || owed > 0)
        && !tally.stopped()) {
      int slot = slot(published);
      if (from.transport.sendText(message.message(0, published)) != Offer.QUEUED) {
        tally.fatal("the publisher's own queue is full: use less depth or size");
        return;
      }
      since[slot] = plan.open() ? dueAt(published) : now;
      arrived[slot] = 0;
      published++;
      owed--;
    }
  }

  private int slot(long number) {
    return (int) number & mask;
  }

  /** One subscriber more has this publication, or will not get it. */
  private void arrived(long number, long now) {
    arrived[slot(number)]++;
    boolean more = false;
    while (complete < published && arrived[slot(complete)] == plan.connections()) {
      complete++;
      more = true;
    }
    if (more) {
      pump(now);
    }
  }

  /** The number of the publication that these bytes are, or {@link Marker#NONE}. */
  private long read(ByteBuffer utf8, long near) {
    if (topic == null) {
      return numberOf(utf8, utf8.position(), near);
    }
    if (Greeting.CODEC.read(utf8)
        instanceof Frame.Single(Message.Notification(String method, @Nullable RawJson params))) {
      try {
        TopicEvent event = TopicEvent.read(params);
        long number = numberOf(ByteBuffer.wrap(event.data().toBytes()), 1, near);
        if (offsetOfFirst < 0) {
          offsetOfFirst = event.offset() - number;
        }
        boolean right =
            method.equals(Names.EVENT)
                && event.topic().equals(topic)
                && event.offset() == offsetOfFirst + number;
        return right ? number : Marker.NONE;
      } catch (JsonException e) {
        return Marker.NONE;
      }
    }
    return Marker.NONE;
  }

  private long numberOf(ByteBuffer text, int markerAt, long near) {
    long number = Marker.number(text, markerAt, 0, near);
    boolean good = number >= 0 && number < published && data.matches(text, 0, number);
    return good ? number : Marker.NONE;
  }

  private final class Subscriber implements Receiver {
    private final Transport transport;
    private final Runnable ready;
    private boolean subscribed = topic == null;
    private long expected;
    private long skipped; // taken for missing

    Subscriber(Transport transport, Runnable ready) {
      this.transport = transport;
      this.ready = ready;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      Sample sample = samples[slot(expected)];
      if (sample.number == expected && utf8.mismatch(sample.bytes) < 0) {
        good();
      } else {
        look(utf8, sample);
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      tally.corrupted("a publication came as a binary message");
    }

    @Override
    public void onClosed(int code, String reason) {
      tally.connectionEnded(code, reason);
    }

    private void good() {
      long now = System.nanoTime();
      long number = expected++;
      tally.good(now - since[slot(number)]);
      arrived(number, now);
    }

    private void look(ByteBuffer utf8, Sample sample) {
      if (topic != null && !subscribed) {
        answered(utf8);
        return;
      }
      long number = read(utf8, expected);
      if (number == Marker.NONE) {
        if (topic == null || !control(utf8)) {
          tally.corrupted("a publication has another content or another offset");
        }
      } else if (number == expected) {
        sample.keep(number, utf8);
        good();
      } else if (number > expected) {
        long now = System.nanoTime();
        tally.missing(number - expected);
        skipped += number - expected;
        while (expected < number) {
          arrived(expected++, now);
        }
        good();
      } else if (skipped > 0) {
        skipped--;
        tally.late();
      } else {
        tally.duplicate();
      }
    }

    private boolean control(ByteBuffer utf8) {
      return Greeting.CODEC.read(utf8) instanceof Frame.Single(Message message)
          && Greeting.answered(transport, message);
    }

    private void answered(ByteBuffer utf8) {
      switch (Greeting.CODEC.read(utf8)) {
        case Frame.Single(Message.Success(RequestId id, RawJson result)) -> {
          if (id.equals(Greeting.SUBSCRIBE)) {
            subscribed = true;
            ready.run();
          }
        }
        case Frame.Single(Message.Failure(RequestId id, var fault)) -> {
          if (!id.equals(Greeting.HELLO)) { // a server without sessions may still have topics
            tally.fatal("the server did not take a subscription: " + fault.message());
          }
        }
        case Frame.Single(Message other) -> Greeting.answered(transport, other);
        case Frame other -> tally.corrupted("something came that is no message");
      }
    }
  }

  /** Sends; of the answers only those that are errors count. */
  private final class Publisher implements Receiver {
    private final Transport transport;

    Publisher(Transport transport) {
      this.transport = transport;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      if (topic != null
          && Greeting.CODEC.read(utf8)
              instanceof Frame.Single(Message.Failure(RequestId id, var fault))) {
        tally.refused("a publication was refused with " + fault.code() + " " + fault.message());
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      tally.connectionEnded(code, reason);
    }
  }
}
