package dev.everwire.app.bench;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.wire.Hello;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are all cut at once and come back with their resume tokens. What counts are the
 * sessions that go on, and how long after the cut each does. Event loop only.
 */
final class StormLoad extends Load {
  private static final int DIALS_AT_ONCE = 1_000;
  private static final long CUT_AFTER = TimeUnit.MILLISECONDS.toNanos(200); // all is looked at

  private final Guest[] guests;
  private final ArrayDeque<Guest> away = new ArrayDeque<>();
  private @Nullable Redial redial;
  private long cutAt;
  private boolean cut;
  private int back;

  StormLoad(Plan plan, Tally tally) {
    super(plan, tally);
    this.guests = new Guest[plan.connections()];
  }

  @Override
  void redial(Redial how) {
    redial = how;
  }

  @Override
  Receiver open(int index, Transport transport, Runnable ready) {
    Guest guest = new Guest(ready);
    guests[index] = guest;
    return guest.on(transport);
  }

  @Override
  void begin(long now) {
    var unused = guests[0].loop().schedule(CUT_AFTER, this::cutAll);
  }

  private void cutAll() {
    if (tally.stopped()) {
      return;
    }
    cut = true;
    cutAt = System.nanoTime();
    for (Guest guest : guests) {
      guest.cut();
      away.add(guest);
    }
    for (int i = 0; i < DIALS_AT_ONCE; i++) {
      dialNext();
    }
  }

  private void dialNext() {
    Guest guest = away.poll();
    if (guest != null && redial != null) {
      redial.dial(
          guest::on,
          () -> {
            away.add(guest); // the server is busy: in its turn
            dialNext();
          });
    }
  }

  @Override
  void due(long number, long now) {}

  @Override
  long underWay() {
    return cut ? guests.length - back : 0;
  }

  @Override
  boolean over() {
    return back == guests.length;
  }

  /** One session, whatever connection it has. */
  private final class Guest {
    private final Runnable ready;
    private @Nullable Transport transport;
    private @Nullable Welcome welcome;

    Guest(Runnable ready) {
      this.ready = ready;
    }

    Loop loop() {
      if (transport == null) {
        throw new IllegalStateException("no connection");
      }
      return transport.loop();
    }

    Receiver on(Transport opened) {
      transport = opened;
      Welcome before = welcome;
      Greeting.resumable(
          opened,
          before == null
              ? null
              : new Hello.Resume(before.session(), before.resumeToken(), List.of()));
      return new Line(this, opened);
    }

    void cut() {
      Transport there = transport;
      if (there != null) {
        transport = null;
        there.abort();
      }
    }

    void welcomed(Welcome now) {
      Welcome before = welcome;
      welcome = now;
      if (before == null) {
        ready.run();
        return;
      }
      back++;
      if (now.resumed()) {
        tally.good(System.nanoTime() - cutAt);
      } else {
        tally.refused("a session was not resumed: " + now.reason());
      }
      dialNext();
    }
  }

  private final class Line implements Receiver {
    private final Guest guest;
    private final Transport transport;

    Line(Guest guest, Transport transport) {
      this.guest = guest;
      this.transport = transport;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      switch (Greeting.CODEC.read(utf8)) {
        case Frame.Single(Message.Success(RequestId id, var result)) -> {
          if (id.equals(Greeting.HELLO)) {
            try {
              guest.welcomed(Welcome.read(result));
            } catch (JsonException e) {
              tally.fatal("the server's welcome cannot be read: " + e.getMessage());
            }
          }
        }
        case Frame.Single(Message.Failure(RequestId id, var fault)) ->
            tally.fatal("the server did not take a hello: " + fault.message());
        case Frame.Single(Message other) -> Greeting.answered(transport, other);
        case Frame other -> tally.corrupted("something came that is no message");
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      if (transport.equals(guest.transport)) {
        tally.connectionEnded(code, reason);
      } else {
        tally.connectionCut();
      }
    }
  }
}
