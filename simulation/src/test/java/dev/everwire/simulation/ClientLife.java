package dev.everwire.simulation;

import dev.everwire.client.Client;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One client of a {@link ClientWorld}, and everything that is held against it. */
final class ClientLife {
  final String name;
  final List<Follower> followers = new ArrayList<>();

  private final CountingDialer dialer;
  private final CommandBook book;
  private final TrueStreams truth;
  private final LegalLife life;
  private @Nullable Client client; // set once
  private @Nullable CompletableFuture<Void> ended; // once it was closed
  private int dialsAtTheEnd;

  ClientLife(String name, CountingDialer dialer, CommandBook book, TrueStreams truth) {
    this.name = name;
    this.dialer = dialer;
    this.book = book;
    this.truth = truth;
    this.life = new LegalLife(name);
  }

  void started(Client made) {
    client = made;
  }

  Client client() {
    if (client == null) {
      throw new IllegalStateException("not started");
    }
    return client;
  }

  /** On a worker, which is the world's thread. */
  void heard(ClientEvent event) {
    try {
      life.heard(event);
    } catch (AssertionError e) {
      book.wrong(String.valueOf(e.getMessage()));
    }
    if (life.terminal() != null) {
      dialsAtTheEnd = dialer.dials();
    }
  }

  Loop loop() {
    return dialer.loop();
  }

  boolean ready() {
    return life.ready();
  }

  boolean over() {
    return life.terminal() != null;
  }

  // ---- what its user does

  CommandBook.Entry call(CallOptions options, boolean idempotent, Duration within) {
    CommandBook.Entry entry = book.call(idempotent, within);
    entry.made(client().callAsync("count", List.of(entry.number), RawJson.class, options));
    return entry;
  }

  /** The number of the notification if it was taken, or 0. */
  int tell() {
    int note = book.note();
    return client().notify("note", List.of(note)) == Offer.QUEUED ? note : 0;
  }

  void follow(String topic) {
    followers.add(new Follower(client(), topic, truth));
  }

  void close() {
    followers.forEach(Follower::close);
    followers.clear();
    ended = client().closeAsync();
  }

  // ---- checks

  /** Nothing came or was done after the end. */
  void check() {
    if (over() && dialer.dials() != dialsAtTheEnd) {
      throw new AssertionError(name + " dialled after its end");
    }
  }

  /** A while after it was closed. */
  void checkClosed() {
    if (ended != null && !ended.isDone()) {
      throw new AssertionError(name + " is not closed");
    }
    if (!over()) {
      throw new AssertionError(name + " was not told its end");
    }
    if (!life.allDisconnected()) {
      throw new AssertionError(name + " was not told of the end of every connection");
    }
    if (dialer.open() != 0) {
      throw new AssertionError(name + " has " + dialer.open() + " connections left");
    }
    CommandBook.Entry late =
        call(CallOptions.within(Duration.ofSeconds(1)), false, Duration.ofSeconds(1));
    if (tell() != 0) {
      throw new AssertionError(name + " took a notification after its end");
    }
    if (late.ended() && !late.refusedUnsent()) {
      throw new AssertionError(name + " took a call after its end");
    }
  }

  @Override
  public String toString() {
    return name + " " + (client == null ? "" : client.status()) + " following " + followers;
  }
}
