package dev.everwire.simulation;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.wire.Names;
import dev.everwire.protocol.wire.Welcome;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What went over one connection, and whether it may have: no id is used twice, every answer belongs
 * to one request and comes once, none is malformed; streams as {@link WireStreams} says.
 */
final class WireBook {
  private static final Codec CODEC = new JsonRpcCodec(200, 100);

  private final Consumer<String> wrong;
  private final Way out;
  private final Way in;

  WireBook(Consumer<String> wrong) {
    this.wrong = wrong;
    this.out = new Way("sent");
    this.in = new Way("received");
  }

  void sent(ByteBuffer utf8) {
    read(utf8, out, in);
  }

  void received(ByteBuffer utf8) {
    read(utf8, in, out);
  }

  /** Requests of either side that have no answer, by id. */
  Set<String> unanswered() {
    Set<String> ids = new TreeSet<>();
    out.open.forEach(id -> ids.add("ours " + id));
    in.open.forEach(id -> ids.add("theirs " + id));
    return ids;
  }

  private void read(ByteBuffer utf8, Way mine, Way other) {
    switch (CODEC.read(utf8)) {
      case Frame.Single(Message message) -> read(message, mine, other);
      case Frame.Batch(var messages) -> messages.forEach(message -> read(message, mine, other));
      case Frame.Unreadable(var fault) -> wrong.accept(mine.name + " garbage: " + fault);
    }
  }

  private void read(Message message, Way mine, Way other) {
    switch (message) {
      case Message.Request request -> {
        mine.request(request.id(), request.method());
        mine.streams.request(request, other.streams);
      }
      case Message.Notification(String method, var params) ->
          mine.streams.notification(method, params, other.streams);
      case Message.Response response -> {
        other.answer(response);
        if (response instanceof Message.Success(RequestId id, var result)
            && id.literal().equals(Names.HELLO_ID)) {
          Welcome answer = Welcome.read(result);
          other.welcomed(answer);
          mine.streams.goesOn(answer.calls().keySet());
        }
        mine.streams.answer(response);
      }
      case Message.Malformed malformed -> wrong.accept(mine.name + " malformed: " + malformed);
    }
  }

  /** The requests of one side. */
  private final class Way {
    private final String name;
    private final WireStreams streams;
    private final Set<RequestId> used = new HashSet<>();
    private final Set<RequestId> open = new LinkedHashSet<>();
    private boolean resumed;

    Way(String name) {
      this.name = name;
      this.streams = new WireStreams(name, text -> wrong.accept(text));
    }

    void request(RequestId id, String method) {
      if (!used.add(id)) {
        wrong.accept("id " + id + " of " + method + " was " + name + " before");
      }
      open.add(id);
    }

    /** What was asked on a former connection of the session may be answered here. */
    void welcomed(Welcome answer) {
      resumed = answer.resumed();
      if (resumed) {
        answer
            .calls()
            .forEach((number, fate) -> {
              if (fate.equals("done") || fate.equals("running")) {
                request(RequestId.number(number), "a former connection");
              }
            });
      }
    }

    void answer(Message.Response response) {
      // Whoever resumes names what it waits for; of the rest each may still be answered, once.
      boolean former = resumed && used.add(response.id());
      if (!former && !open.remove(response.id())) {
        wrong.accept(
            (used.contains(response.id()) ? "answered twice: " : "nobody asked: ") + response);
      }
    }
  }
}
